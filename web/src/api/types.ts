import type { components } from "./schema";

type Schemas = components["schemas"];

export type ExecutionSummary = Schemas["ExecutionSummary"];
export type ExecutionDetail = Schemas["ExecutionDetail"];
export type ExecutionProgress = Schemas["ExecutionProgress"];
export type ExecutionPage = Schemas["ExecutionPage"];
export type ExecutionCount = Schemas["ExecutionCount"];
export type NodeSummary = Schemas["NodeSummary"];
export type NodeDetail = Schemas["NodeDetail"];
export type NodeAttempt = Schemas["NodeAttemptDetail"];
export type LogLine = Schemas["LogLine"];
export type FoundLine = Schemas["FoundLine"];
export type LogPage = Schemas["LogPage"];
export type Me = Schemas["Me"];
export type Role = Schemas["Role"];
export type RerunPreview = Schemas["RerunPreview"];
export type RerunMode = Schemas["RerunMode"];
export type Series = Schemas["Series"];
export type SeriesPoint = Schemas["SeriesPoint"];
export type DashboardFigures = Schemas["DashboardFigures"];
export type WorkflowSummary = Schemas["WorkflowSummary"];
export type LogLevel = Schemas["LogLevel"];
