package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** URLs begin within the limits for all and for each host, and their outcomes come in the order of the input. */
final class FetcherTest {

    private final List<String> begun = new ArrayList<>();
    private final List<Long> printed = new ArrayList<>();
    private final Map<String, Promise<Void>> ends = new HashMap<>();

    private final Fetcher.Output output = new Fetcher.Output() {

        @Override
        public void awaitRoom() {}

        @Override
        public void print(FetchOutcome outcome) {
            printed.add(outcome.index());
        }
    };

    private static FetchOutcome fine(FetchJob job) {
        return new FetchOutcome(job.index(), job.url(), 200, 1, 1, null, null);
    }

    private static String name(FetchJob job) {
        return job.uri().getHost() + job.uri().getPath().substring(1);
    }

    private Fetcher fetcher(int concurrency, int perHost, List<String> urls, Fetcher.Fetch fetch) {
        List<String> words = new ArrayList<>(List.of("-c", "" + concurrency, "--per-host", "" + perHost));
        words.addAll(urls);
        FetchOptions options = FetchOptions.parse(words);
        return new Fetcher(options, UrlInput.of(urls), fetch, new Tally(), output);
    }

    /** Fetches what ends when the test says so, on the loop of the test. */
    private Task<Void> start(int concurrency, int perHost, String... urls) {
        List<String> all = List.of(urls).stream().map(url -> "http://" + url.charAt(0) + "/" + url.charAt(1)).toList();
        Fetcher fetcher = fetcher(concurrency, perHost, all, job -> {
            begun.add(name(job));
            Promise<Void> end = new Promise<>();
            ends.put(name(job), end);
            end.join();
            return fine(job);
        });
        Task<Void> run = spawn(fetcher::run);
        settle();
        return run;
    }

    private void end(String url) {
        ends.get(url).complete(null);
        settle();
    }

    /** Lets all that can go on go on, in the order of a real loop. */
    private static void settle() {
        for (int i = 0; i < 50; i++) {
            checkpoint();
        }
    }

    @Test
    void urlsBeginAtOnceUpToTheLimit() {
        Heddle.run(() -> {
            Task<Void> run = start(2, 2, "a1", "b1", "a2");
            assertEquals(List.of("a1", "b1"), begun);

            end("b1");
            assertEquals(List.of("a1", "b1", "a2"), begun);
            end("a2");
            assertEquals(List.of(), printed);
            end("a1");
            run.join();
            assertEquals(List.of(0L, 1L, 2L), printed);
        });
    }

    @Test
    void busyHostDoesNotHoldUpTheOthers() {
        Heddle.run(() -> {
            Task<Void> run = start(3, 1, "s1", "s2", "s3", "f1", "f2");
            assertEquals(List.of("s1", "f1"), begun);
            end("f1");
            assertEquals(List.of("s1", "f1", "f2"), begun);
            end("s1");
            assertEquals(List.of("s1", "f1", "f2", "s2"), begun);
            run.cancel();
        });
    }

    @Test
    void urlsThatWaitForTheirHostsBeginInTheirOrder() {
        Heddle.run(() -> {
            Task<Void> run = start(3, 1, "x1", "a1", "a2", "a3", "b1", "b2", "c1");
            assertEquals(List.of("x1", "a1", "b1"), begun);
            for (int i = 0; i < 7; i++) {
                end(begun.get(i));
            }
            run.join();
            assertEquals(List.of("a1", "a2", "a3"), begun.stream().filter(url -> url.startsWith("a")).toList());
            assertEquals(List.of("b1", "b2"), begun.stream().filter(url -> url.startsWith("b")).toList());
        });
    }

    @Test
    void whatRunsAheadIsBounded() {
        int more = Fetcher.MAX_AHEAD + 100;
        List<String> urls = IntStream.range(0, more).mapToObj(i -> "http://h" + i + "/").toList();
        int[] count = new int[1];
        Promise<Void> first = new Promise<>();
        Sim.run(() -> {
            Task<Void> run = spawn(fetcher(10, 10, urls, job -> {
                count[0]++;
                if (job.index() == 0) {
                    first.join();
                }
                return fine(job);
            })::run);
            sleep(Duration.ofHours(1));
            assertTrue(count[0] < more && count[0] >= Fetcher.MAX_AHEAD, "" + count[0]);
            first.complete(null);
            run.join();
        });
        assertEquals(more, count[0]);
        assertEquals(more, printed.size());
    }

    @Test
    void cancelPassesOnWhatCameOverTheGaps() {
        Heddle.run(() -> {
            Task<Void> run = start(4, 4, "a0", "b1", "c2", "d3");
            end("b1");
            end("d3");
            assertEquals(List.of(), printed);
            run.cancel();
            assertThrows(TaskCancelledException.class, run::join);
        });
        assertEquals(List.of(1L, 3L), printed);
    }

    @Test
    void failureOfTheRunBeginsNoOtherUrl() {
        Sim.run(() -> {
            Fetcher fetcher = fetcher(1, 1, List.of("http://a/1", "http://a/2"), job -> {
                begun.add(name(job));
                throw new IllegalStateException("the disk is full");
            });
            assertThrows(GroupException.class, fetcher::run);
        });
        assertEquals(List.of("a1"), begun);
        assertEquals(List.of(), printed);
    }

    @Test
    void wrongUrlHasItsOutcomeInItsPlace() {
        Sim.run(() -> {
            fetcher(2, 1, List.of("http://a/1", "what", "http://b/1"), FetcherTest::fine).run();
        });
        assertEquals(List.of(0L, 1L, 2L), printed);
    }

    @Test
    void noLimitIsEverPassedAndNoUrlIsLost() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            printed.clear();
            List<String> urls = random.ints(300, 0, 4).mapToObj(host -> "http://h" + host + "/").toList();
            Map<String, Integer> perHost = new HashMap<>();
            int[] running = new int[1];
            Sim.run(() -> {
                Fetcher fetcher = fetcher(5, 2, urls, job -> {
                    assertTrue(++running[0] <= 5);
                    assertTrue(perHost.merge(job.host(), 1, Integer::sum) <= 2);
                    sleep(Duration.ofMillis(random.nextInt(20)));
                    running[0]--;
                    perHost.merge(job.host(), -1, Integer::sum);
                    return fine(job);
                });
                fetcher.run();
                assertEquals(0, fetcher.running());
            });
            assertEquals(IntStream.range(0, 300).mapToObj(Long::valueOf).toList(), printed);
        }
    }
}
