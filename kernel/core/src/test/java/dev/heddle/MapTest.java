package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.forEach;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A mapping works on many items at a time within its limit, with results in order. */
final class MapTest {

    private final List<String> log = new ArrayList<>();
    private int atWork;
    private int mostAtWork;

    @Test
    void resultsAreInTheOrderOfTheItems() {
        ManualEngine.run(() -> assertEquals(List.of("3", "1", "2"), map(List.of(3, 1, 2), 10, seconds -> {
            sleep(ofSeconds(seconds));
            return seconds.toString();
        })));
    }

    @Test
    void neverMoreThanTheLimitAreAtWork() {
        ManualEngine.run(() -> {
            List<Integer> items = IntStream.range(0, 100).boxed().toList();
            assertEquals(items, map(items, 7, item -> {
                mostAtWork = Math.max(mostAtWork, ++atWork);
                sleep(ofSeconds(1 + item % 3));
                atWork--;
                return item;
            }));
            assertEquals(7, mostAtWork);
        });
    }

    @Test
    void itemsAreTakenAsPlacesBecomeFree() {
        ManualEngine.run(() -> {
            Iterable<Integer> endless = () -> Stream.iterate(1, last -> last + 1).iterator();
            GroupException ended = assertThrows(GroupException.class, () -> map(endless, 3, item -> {
                sleep(ofSeconds(1));
                log.add("item");
                if (item == 10) {
                    throw new IllegalStateException("the end");
                }
                return item;
            }));
            assertEquals("the end", ended.getCause().getMessage());
        });
        assertTrue(log.size() <= 12, log.size() + " items were mapped");
    }

    @Test
    void nothingToMapGivesAnEmptyList() {
        ManualEngine.run(() -> assertEquals(List.of(), map(List.of(), 1, item -> item)));
    }

    @Test
    void resultsMayBeNull() {
        ManualEngine.run(
                () -> assertEquals(Arrays.asList(null, 2), map(List.of(1, 2), 1, item -> item == 1 ? null : item)));
    }

    @Test
    void limitBelowOneIsRefused() {
        ManualEngine.run(() -> assertThrows(IllegalArgumentException.class, () -> map(List.of(1), 0, item -> item)));
    }

    @Test
    void failureStopsTheTakingOfItemsAndCancelsTheRest() {
        ManualEngine.run(() -> {
            assertThrows(GroupException.class, () -> map(IntStream.range(0, 100).boxed().toList(), 2, item -> {
                if (item == 1) {
                    throw new IllegalArgumentException("bad item");
                }
                log.add("item " + item);
                sleep(ofHours(1));
                return item;
            }));
            assertEquals(ofSeconds(0), ManualEngine.elapsed());
        });
        assertEquals(List.of("item 0"), log);
    }

    @Test
    void failureOfTheSourceCancelsWhatIsAtWork() {
        ManualEngine.run(() -> {
            Iterable<Integer> broken = () -> Stream.of(1, 2, 3)
                    .peek(item -> {
                        if (item == 3) {
                            throw new IllegalStateException("source broken");
                        }
                    })
                    .iterator();
            GroupException grouped = assertThrows(GroupException.class, () -> map(broken, 10, item -> {
                sleep(ofHours(1));
                return item;
            }));
            assertEquals("source broken", grouped.getCause().getMessage());
            assertEquals(ofSeconds(0), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelStopsEverything() {
        ManualEngine.run(() -> assertFalse(moveOnAfter(ofSeconds(1), () -> {
            map(List.of(1, 2, 3, 4), 2, item -> {
                sleep(ofHours(1));
                return item;
            });
        })));
    }

    @Test
    void itemWhoseTaskIsCancelledAloneIsNotTakenForANullResult() {
        ManualEngine.run(() -> {
            TaskCancelledException told = assertThrows(TaskCancelledException.class,
                    () -> map(List.of(1, 2), 2, item -> {
                        if (item == 2) {
                            Heddle.currentTask().cancel("alone");
                        }
                        checkpoint();
                        return item;
                    }));
            assertTrue(told.getMessage().contains("alone"), told.getMessage());
        });
    }

    @Test
    void actionOfEachItemNeedsNoResult() {
        ManualEngine.run(() -> {
            forEach(List.of(3, 1, 2), 2, seconds -> {
                mostAtWork = Math.max(mostAtWork, ++atWork);
                sleep(ofSeconds(seconds));
                atWork--;
                log.add("item " + seconds);
            });
            assertEquals(List.of("item 1", "item 3", "item 2"), log);
            assertEquals(2, mostAtWork);
        });
    }

    @Test
    void actionThatFailsCancelsTheOthersAndTakesNoMoreItems() {
        ManualEngine.run(() -> {
            GroupException failed = assertThrows(
                    GroupException.class, () -> forEach(IntStream.range(0, 100).boxed().toList(), 2, item -> {
                        if (item == 1) {
                            throw new IOException("bad item");
                        }
                        log.add("item " + item);
                        sleep(ofHours(1));
                    }));
            assertTrue(failed.firstOf(IOException.class).isPresent());
            assertEquals(ofSeconds(0), ManualEngine.elapsed());
        });
        assertEquals(List.of("item 0"), log);
    }

    @Test
    void itemWhoseTaskIsCancelledAloneIsNotTakenForDone() {
        ManualEngine.run(() -> {
            TaskCancelledException told = assertThrows(TaskCancelledException.class,
                    () -> forEach(List.of(1, 2, 3), 3, item -> {
                        if (item == 2) {
                            Heddle.currentTask().cancel("alone");
                        }
                        checkpoint();
                        log.add("item " + item);
                    }));
            assertTrue(told.getMessage().contains("1 were cancelled alone"), told.getMessage());
        });
        assertEquals(List.of("item 1", "item 3"), log);
    }
}
