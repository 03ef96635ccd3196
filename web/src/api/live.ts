import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { usePreferences } from "../components/preferences";
import type { Topic } from "../model/news";
import { Poller, type Verdict } from "../model/poller";
import { Trailing } from "../model/trailing";
import { type FeedState, feed, type News } from "./feed";
import { timers } from "./timers";

const SECOND = 1_000;

/** Tell the feed how often to ask, and whether anybody looks. Once, for the whole page. */
export function useFeedControl(): void {
  const { interval } = usePreferences();
  useEffect(() => feed.every(interval === 0 ? null : interval * SECOND), [interval]);
  useEffect(() => {
    const show = () => feed.show(!document.hidden);
    show();
    document.addEventListener("visibilitychange", show);
    return () => document.removeEventListener("visibilitychange", show);
  }, []);
}

export function useFeedState(): FeedState {
  return useSyncExternalStore(feed.watch, feed.state);
}

/** Be told of changes while the component is there. */
export function useNews(onNews: (news: News) => void, isOn = true): void {
  const latest = useRef(onNews);
  latest.current = onNews;
  useEffect(() => (isOn ? feed.listen((news) => latest.current(news)) : undefined), [isOn]);
}

/** Read active queries again when a topic changed: one reading at a time, the last never lost. */
export function useFresh(topics: readonly Topic[], key: QueryKey): void {
  const client = useQueryClient();
  const name = JSON.stringify(key);
  const trailing = useMemo(
    () =>
      new Trailing(() =>
        client.refetchQueries({ queryKey: JSON.parse(name) as QueryKey, type: "active" }),
      ),
    [client, name],
  );
  useNews((news) => {
    if (topics.some((topic) => news.topics.has(topic))) void trailing.ask();
  });
}

const LEAST_OWN_INTERVAL = 5;

/** How often (ms) to read what no change tells of: as chosen, but not more than every 5 s. */
export function useLiveInterval(): number | false {
  const { interval } = usePreferences();
  return interval === 0 ? false : Math.max(interval, LEAST_OWN_INTERVAL) * SECOND;
}

/** Poll something of one's own, until it says that it has settled. Answers how to ask at once. */
export function usePoll(read: () => Promise<Verdict>, isOn: boolean): () => void {
  const { interval } = usePreferences();
  const latest = useRef(read);
  latest.current = read;
  const poller = useMemo(() => new Poller(() => latest.current(), timers, 2 * SECOND), []);
  useEffect(() => poller.every(interval === 0 ? null : interval * SECOND), [poller, interval]);
  useEffect(() => {
    if (!isOn) return undefined;
    const show = () => poller.show(!document.hidden);
    show();
    document.addEventListener("visibilitychange", show);
    poller.start();
    return () => {
      document.removeEventListener("visibilitychange", show);
      poller.stop();
    };
  }, [poller, isOn]);
  return useMemo(() => () => poller.ask(), [poller]);
}
