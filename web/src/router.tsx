import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { BASE_PATH } from "./api/base";
import { Shell } from "./components/Shell";
import { parseSearch, type Search, writeSearch } from "./model/search";
import { NotFound } from "./pages/NotFound";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: (search): Search => search as Search,
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/dashboard/Dashboard"), "Dashboard"),
});
const executions = createRoute({
  getParentRoute: () => root,
  path: "/executions",
  component: lazyRouteComponent(() => import("./pages/executions/Executions"), "Executions"),
});
const execution = createRoute({
  getParentRoute: () => root,
  path: "/executions/$id",
  component: lazyRouteComponent(() => import("./pages/execution/Execution"), "Execution"),
});
const workflows = createRoute({
  getParentRoute: () => root,
  path: "/workflows",
  component: lazyRouteComponent(() => import("./pages/workflows/Workflows"), "Workflows"),
});
const workflow = createRoute({
  getParentRoute: () => root,
  path: "/workflows/$name",
  component: lazyRouteComponent(() => import("./pages/workflow/Workflow"), "Workflow"),
});
const editor = createRoute({
  getParentRoute: () => root,
  path: "/workflows/$name/edit",
  component: lazyRouteComponent(() => import("./pages/editor/Editor"), "Editor"),
});
const newWorkflow = createRoute({
  getParentRoute: () => root,
  path: "/workflows/-/new",
  component: lazyRouteComponent(() => import("./pages/editor/Editor"), "NewWorkflow"),
});
const logs = createRoute({
  getParentRoute: () => root,
  path: "/logs",
  component: lazyRouteComponent(() => import("./pages/logs/Logs"), "Logs"),
});
const schedules = createRoute({
  getParentRoute: () => root,
  path: "/schedules",
  component: lazyRouteComponent(() => import("./pages/schedules/Schedules"), "Schedules"),
});
const schedule = createRoute({
  getParentRoute: () => root,
  path: "/schedules/$id",
  component: lazyRouteComponent(() => import("./pages/schedules/Schedule"), "Schedule"),
});
const batches = createRoute({
  getParentRoute: () => root,
  path: "/batches",
  component: lazyRouteComponent(() => import("./pages/batches/Batches"), "Batches"),
});
const batch = createRoute({
  getParentRoute: () => root,
  path: "/batches/$id",
  component: lazyRouteComponent(() => import("./pages/batches/Batch"), "Batch"),
});
const failures = createRoute({
  getParentRoute: () => root,
  path: "/failures",
  component: lazyRouteComponent(() => import("./pages/failures/Failures"), "Failures"),
});
const storage = createRoute({
  getParentRoute: () => root,
  path: "/storage",
  component: lazyRouteComponent(() => import("./pages/storage/Storage"), "Storage"),
});
const celery = createRoute({
  getParentRoute: () => root,
  path: "/celery",
  component: lazyRouteComponent(() => import("./pages/celery/Celery"), "Celery"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings/Settings"), "Settings"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    dashboard,
    executions,
    execution,
    workflows,
    workflow,
    editor,
    newWorkflow,
    schedules,
    schedule,
    batches,
    batch,
    celery,
    failures,
    logs,
    storage,
    settings,
  ]),
  basepath: BASE_PATH === "" ? "/" : BASE_PATH,
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
