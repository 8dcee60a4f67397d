package dev.heddle.sync;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.GroupException;
import dev.heddle.LoopChooser;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A memo fetches once for all who ask, keeps what it got for a time, and loses nothing by a cancel. */
final class MemoTest {

    private static final Duration FETCH = Duration.ofSeconds(2);
    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private final AtomicInteger fetched = new AtomicInteger();
    private final List<String> ended = new ArrayList<>();

    private Memo<String, String> memo(MemoOptions options) {
        return Memo.of("pages", options, key -> {
            int number = fetched.incrementAndGet();
            try {
                sleep(FETCH);
            } finally {
                ended.add(key);
            }
            return key + " " + number;
        });
    }

    private Memo<String, String> memo() {
        return memo(MemoOptions.DEFAULT);
    }

    @Test
    void callsAtTheSameTimeShareOneFetch() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo();
            long before = currentLoop().nanoTime();
            assertEquals(List.of("a 1", "a 1", "a 1"), gather(
                    () -> pages.get("a"), () -> pages.get("a"), () -> {
                        sleep(Duration.ofSeconds(1));
                        return pages.get("a");
                    }));
            assertEquals(FETCH.toNanos(), currentLoop().nanoTime() - before);
            assertEquals(new Memo.Statistics(1, 0, 0, 2, 1, 0, 0), pages.statistics());
        });
    }

    @Test
    void resultIsKeptForItsTimeAndThenFetchedAnew() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo(MemoOptions.DEFAULT.withTimeToLive(Duration.ofSeconds(10)));
            assertEquals("a 1", pages.get("a"));
            sleep(Duration.ofSeconds(10).minusNanos(1));
            assertEquals("a 1", pages.get("a"));
            sleep(Duration.ofNanos(1));
            assertEquals("a 2", pages.get("a"));
            assertEquals(new Memo.Statistics(1, 0, 1, 0, 2, 0, 0), pages.statistics());
        });
    }

    @Test
    void withoutTimeToLiveOnlyCallsAtTheSameTimeShare() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo(MemoOptions.DEFAULT.withTimeToLive(Duration.ZERO));
            assertEquals(List.of("a 1", "a 1"), gather(() -> pages.get("a"), () -> pages.get("a")));
            assertEquals("a 2", pages.get("a"));
            assertEquals(0, pages.statistics().size());
        });
    }

    @Test
    void whatWasAskedForLongestAgoMakesRoom() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo(MemoOptions.DEFAULT.withMaxSize(2));
            pages.get("a");
            pages.get("b");
            pages.get("a");
            pages.get("c");
            assertEquals("a 1", pages.get("a"));
            assertEquals("b 4", pages.get("b"));
            assertEquals(new Memo.Statistics(2, 0, 2, 0, 4, 0, 2), pages.statistics());
        });
    }

    @Test
    void manyKeysTakeNoMoreRoomThanTold() {
        ManualEngine.run(() -> {
            Memo<Integer, Integer> squares = Memo.of("squares", MemoOptions.DEFAULT.withMaxSize(10), n -> n * n);
            for (int n = 0; n < 1_000; n++) {
                assertEquals(n * n, squares.get(n));
            }
            assertEquals(new Memo.Statistics(10, 0, 0, 0, 1_000, 0, 990), squares.statistics());
        });
    }

    @Test
    void cancelOfOneCallLeavesTheFetchToTheOthers() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo();
            Task<String> first = spawn(() -> pages.get("a"));
            Task<String> second = spawn(() -> pages.get("a"));
            sleep(Duration.ofSeconds(1));
            first.cancel("no longer wanted");
            assertThrows(TaskCancelledException.class, first::join);
            assertEquals("a 1", second.join());
            assertEquals("a 1", pages.get("a"));
        });
    }

    @Test
    void lastCallToLeaveCancelsTheFetchAndSeesItsEnd() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo();
            assertFalse(moveOnAfter(Duration.ofSeconds(1), () -> {
                pages.get("a");
            }));
            assertEquals(List.of("a"), ended);
            assertEquals(new Memo.Statistics(0, 0, 0, 0, 1, 0, 0), pages.statistics());
            assertEquals("a 2", pages.get("a"));
        });
    }

    @Test
    void cancelledCallBeginsNothing() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo();
            moveOnAfter(Duration.ofSeconds(1), () -> {
                assertThrows(CancelledException.class, () -> sleep(Duration.ofSeconds(2)));
                assertThrows(CancelledException.class, () -> pages.get("a"));
            });
            assertEquals(0, fetched.get());
        });
    }

    @Test
    void failureReachesAllWhoSharedTheFetchAndIsNotKept() {
        ManualEngine.run(() -> {
            var disk = new IOException("disk full");
            Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, key -> {
                sleep(FETCH);
                if (fetched.incrementAndGet() == 1) {
                    throw disk;
                }
                return key;
            });
            Task<String> first = spawn(() -> pages.get("a"));
            Task<String> second = spawn(() -> pages.get("a"));
            assertSame(disk, assertThrows(TaskFailedException.class, first::join).getCause());
            assertSame(disk, assertThrows(TaskFailedException.class, second::join).getCause());
            assertEquals("a", pages.get("a"));
            assertEquals(new Memo.Statistics(1, 0, 0, 1, 2, 1, 0), pages.statistics());
        });
    }

    @Test
    void failureThatCallersShareIsOneFailure() {
        ManualEngine.run(() -> {
            var disk = new IOException("disk full");
            Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, key -> {
                sleep(FETCH);
                throw disk;
            });
            GroupException failed = assertThrows(GroupException.class, () -> group(g -> {
                for (int i = 0; i < 3; i++) {
                    g.spawn(() -> shield(() -> pages.get("a")));
                }
            }));
            assertEquals(List.of(disk), GroupException.leaves(failed));
        });
    }

    @Test
    void failureIsKeptIfTold() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = Memo.of(
                    "pages", MemoOptions.DEFAULT.withFailureTimeToLive(Duration.ofSeconds(5)), key -> {
                        throw new IllegalStateException("failure " + fetched.incrementAndGet());
                    });
            for (int i = 0; i < 3; i++) {
                assertEquals("failure 1",
                        assertThrows(IllegalStateException.class, () -> pages.get("a")).getMessage());
            }
            sleep(Duration.ofSeconds(5));
            assertEquals("failure 2", assertThrows(IllegalStateException.class, () -> pages.get("a")).getMessage());
        });
    }

    @Test
    void forgottenKeyIsFetchedAnewAlsoWhileItsFetchIsUnderWay() {
        ManualEngine.run(() -> {
            Memo<String, String> pages = memo();
            Task<String> before = spawn(() -> pages.get("a"));
            sleep(Duration.ofSeconds(1));
            pages.forget("a");
            assertEquals("a 2", pages.get("a"));
            assertEquals("a 1", before.join());
            assertEquals("a 2", pages.get("a"));
            pages.forgetAll();
            assertEquals("a 3", pages.get("a"));
        });
    }

    @Test
    void fetchThatAsksForItsOwnKeyIsRefused() {
        ManualEngine.run(() -> {
            List<Memo<String, String>> self = new ArrayList<>();
            self.add(Memo.of("loops", MemoOptions.DEFAULT, key -> self.getFirst().get(key)));
            assertThrows(IllegalStateException.class, () -> self.getFirst().get("a"));
            assertEquals(0, self.getFirst().statistics().fetching());
        });
    }

    @Test
    void fetchThatGivesNullFails() {
        ManualEngine.run(() -> {
            Memo<String, String> nothing = Memo.of("nothing", MemoOptions.DEFAULT, key -> null);
            assertEquals("the fetch of memo nothing gave null",
                    assertThrows(NullPointerException.class, () -> nothing.get("a")).getMessage());
        });
    }

    @Test
    void fetchThatSomebodyCancelsIsToldAndBegunAnewByTheNext() {
        ManualEngine.run(() -> {
            List<Task<?>> fetches = new ArrayList<>();
            Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, key -> {
                fetches.add(currentTask());
                sleep(FETCH);
                return key;
            });
            Task<String> asking = spawn(() -> pages.get("a"));
            sleep(Duration.ofSeconds(1));
            assertEquals("fetch of memo pages", fetches.getFirst().name());
            fetches.getFirst().cancel("by hand");
            assertThrows(TaskCancelledException.class, asking::join);
            assertEquals("a", pages.get("a"));
            assertEquals(2, fetches.size());
        });
    }

    @Test
    void fetchSeesTheScopedValuesOfTheCallThatBeganIt() {
        ManualEngine.run(() -> {
            Memo<String, String> greetings = Memo.of("greetings", MemoOptions.DEFAULT, key -> key + " " + USER.get());
            assertEquals("hello Ada", ScopedValue.where(USER, "Ada").call(() -> greetings.get("hello")));
        });
    }

    @Test
    void tasksOfSeveralLoopsShare() {
        Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, key -> {
            sleep(Duration.ofMillis(50));
            return key + " " + fetched.incrementAndGet();
        });
        run(Config.DEFAULT.withLoops(2), () -> {
            LoopChooser loops = LoopChooser.roundRobin(currentLoop().siblings());
            group(g -> {
                for (int i = 0; i < 4; i++) {
                    Task<String> there = loops.spawn(() -> pages.get("a"));
                    g.spawn(() -> assertEquals("a 1", there.join()));
                }
            });
        });
        assertEquals(1, pages.statistics().fetches());
    }

    @Test
    void outsideOfTasksNothingIsFetched() {
        Memo<String, String> pages = memo();
        assertThrows(IllegalStateException.class, () -> pages.get("a"));
        assertEquals(0, pages.statistics().fetches());
        assertTrue(pages.toString().contains("pages"));
    }

    @Test
    void optionsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> MemoOptions.DEFAULT.withMaxSize(0));
        assertThrows(IllegalArgumentException.class,
                () -> MemoOptions.DEFAULT.withTimeToLive(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class,
                () -> MemoOptions.DEFAULT.withFailureTimeToLive(Duration.ofNanos(-1)));
    }
}
