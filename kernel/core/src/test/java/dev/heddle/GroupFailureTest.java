package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.tolerantGroup;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What comes out of a group when tasks, its body or several of them fail. */
final class GroupFailureTest {

    private final List<String> log = new ArrayList<>();
    private final IllegalArgumentException first = new IllegalArgumentException("first");
    private final IllegalStateException second = new IllegalStateException("second");

    @Test
    void twoFailuresComeOutAsOneGroupedException() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> fail(first));
                g.spawn(() -> fail(second));
            }));
            assertEquals(List.of(first, second), grouped.failures());
            assertSame(first, grouped.getCause());
            assertSame(second, grouped.getSuppressed()[0]);
            assertTrue(grouped.getMessage().startsWith("2 failures, the first: "), grouped.getMessage());
        });
    }

    @Test
    void failuresOfOneKindArePrintedOnceWithTheirMessages() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> runAll(IntStream.range(0, 20)
                    .<Action>mapToObj(i -> () -> {
                        throw i == 3 ? second : new IOException("refused by " + i / 2);
                    })
                    .toList()));
            assertEquals(20, grouped.failures().size());
            assertEquals("20 failures, the first: java.io.IOException: refused by 0", grouped.getMessage());
            assertSame(second, grouped.getSuppressed()[0]);
            assertEquals(
                    "18 more, alike but for their messages: java.io.IOException: refused by 0; java.io.IOException:"
                            + " refused by 1; java.io.IOException: refused by 2; java.io.IOException: refused by 3;"
                            + " java.io.IOException: refused by 4; ...",
                    grouped.getSuppressed()[1].getMessage());
            assertEquals(2, Arrays.stream(grouped.getSuppressed()).filter(note -> !(note instanceof SpawnTrace))
                    .count());
            var printed = new StringWriter();
            grouped.printStackTrace(new PrintWriter(printed));
            assertFalse(printed.toString().contains("Suppressed: java.io.IOException"), printed.toString());
        });
    }

    private static void runAll(List<Action> bodies) {
        tolerantGroup(g -> bodies.forEach(g::spawn));
    }

    @Test
    void failuresOfOneTypeFromSeveralLinesArePrintedEach() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> runAll(List.of(
                    () -> fail(new IllegalStateException("here")),
                    () -> fail(new IllegalStateException("there")),
                    () -> fail(new IllegalStateException("there", first)))));
            assertEquals(grouped.failures().subList(1, 3),
                    Arrays.stream(grouped.getSuppressed()).filter(note -> !(note instanceof SpawnTrace)).toList());
        });
    }

    @Test
    void oneFailureHasTheShapeOfMany() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> fail(first));
            }));
            assertEquals(List.of(first), grouped.failures());
            assertEquals(Optional.of(first), grouped.firstOf(IllegalArgumentException.class));
            assertEquals(Optional.empty(), grouped.firstOf(IOException.class));
        });
    }

    @Test
    void failuresOfTheSameTurnAreListedInTheOrderTheyHappened() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                Task<Void> gate = g.spawn(() -> sleep(ofSeconds(1)));
                for (int i = 0; i < 5; i++) {
                    String name = "failure " + i;
                    g.spawn(() -> {
                        gate.join();
                        fail(new IllegalStateException(name));
                    });
                }
            }));
            assertEquals(
                    List.of("failure 0", "failure 1", "failure 2", "failure 3", "failure 4"),
                    grouped.failures().stream().map(Throwable::getMessage).toList());
        });
    }

    @Test
    void firstFailureCancelsTheSiblingsAndTheBody() {
        ManualEngine.run(() -> {
            assertThrows(GroupException.class, () -> group(g -> {
                g.spawn("failing", () -> {
                    sleep(ofSeconds(1));
                    fail(first);
                });
                g.spawn(() -> logCancelOf("sibling"));
                logCancelOf("body");
            }));
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
        assertEquals(
                List.of(
                        "body: failing failed: java.lang.IllegalArgumentException: first",
                        "sibling: failing failed: java.lang.IllegalArgumentException: first"),
                log.stream().sorted().toList());
    }

    @Test
    void bodyFailureCancelsTheTasksWhichEndBeforeItIsThrown() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                for (int i = 0; i < 3; i++) {
                    g.spawn(() -> {
                        try {
                            sleep(ofHours(1));
                        } finally {
                            shield(() -> sleep(ofSeconds(1)));
                            log.add("ended");
                        }
                    });
                }
                sleep(ofSeconds(1));
                throw first;
            }));
            log.add("thrown");
            assertEquals(List.of(first), grouped.failures());
        });
        assertEquals(List.of("ended", "ended", "ended", "thrown"), log);
    }

    @Test
    void bodyFailureAndTaskFailureAreBothReported() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        fail(second);
                    }
                });
                sleep(ofSeconds(1));
                throw first;
            }));
            assertEquals(List.of(first, second), grouped.failures());
        });
    }

    @Test
    void failureOfTheBodyInItsCleanUpJoinsTheFailureThatCancelledIt() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> fail(first));
                try {
                    sleep(ofHours(1));
                } finally {
                    fail(second);
                }
            }));
            assertEquals(List.of(first, second), grouped.failures());
        });
    }

    @Test
    void failureWinsOverACancelFromOutside() {
        ManualEngine.run(() -> {
            assertThrows(GroupException.class, () -> moveOnAfter(ofSeconds(1), () -> group(g -> {
                g.spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        fail(first);
                    }
                });
            })));
        });
    }

    @Test
    void innerFailureCancelsTheInnerGroupOnlyAndIsSeenOnceOutside() {
        ManualEngine.run(() -> {
            group(outer -> {
                outer.spawn(() -> {
                    sleep(ofSeconds(2));
                    log.add("outer task");
                });
                GroupException inner = assertThrows(GroupException.class, () -> group(g -> {
                    g.spawn(() -> logCancelOf("inner task"));
                    sleep(ofSeconds(1));
                    throw first;
                }));
                assertEquals(List.of(first), inner.failures());
                log.add("handled");
            });
        });
        assertEquals(
                List.of(
                        "inner task: the group's body failed: java.lang.IllegalArgumentException: first",
                        "handled",
                        "outer task"),
                log);
    }

    @Test
    void innerGroupExceptionThatPassesOnIsOneFailureOfTheOuterGroup() {
        ManualEngine.run(() -> {
            GroupException outer = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> group(inner -> {
                    inner.spawn(() -> fail(first));
                }));
            }));
            GroupException inner = (GroupException) outer.failures().getFirst();
            assertEquals(List.of(first), inner.failures());
        });
    }

    @Test
    void failureOfATaskThatTheBodyJoinsIsOneFailure() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                Task<Void> failing = g.spawn(() -> fail(first));
                g.spawn(failing::join);
                failing.join();
            }));
            assertEquals(List.of(first), grouped.failures());
            assertEquals(first.toString(), grouped.getMessage());
        });
    }

    @Test
    void checkedFailureOfATaskThatTheBodyJoinsIsOneFailure() {
        IOException checked = new IOException("disk full");
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> {
                    throw checked;
                }).join();
            }));
            assertEquals(List.of(checked), grouped.failures());
        });
    }

    @Test
    void failureOfATaskThatASiblingJoinsIsOneFailure() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                Task<Void> bad = g.spawn(() -> fail(first));
                g.spawn(() -> bad.join());
                g.spawn(() -> bad.join());
            }));
            assertEquals(List.of(first), grouped.failures());
        });
    }

    @Test
    void chainOfTasksThatEachJoinTheOneBeforeIsOneFailure() {
        var disk = new IOException("disk full");
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                Task<Void> last = g.spawn(() -> {
                    throw disk;
                });
                for (int i = 0; i < 3; i++) {
                    Task<Void> before = last;
                    last = g.spawn(() -> before.join());
                }
                last.join();
            }));
            assertEquals(List.of(disk), GroupException.leaves(grouped));
            assertEquals(1, grouped.failures().size());
        });
    }

    @Test
    void failureThatSeveralGroupsInsideEachOtherJoinIsOneFailure() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(outer -> {
                Task<Void> bad = outer.spawn(() -> fail(first));
                outer.spawn(() -> group(inner -> {
                    inner.spawn(() -> bad.join());
                    bad.join();
                }));
                bad.join();
            }));
            assertEquals(List.of(first), GroupException.leaves(grouped));
        });
    }

    @Test
    void failureOfATaskOnAnotherLoopIsOneFailure() {
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            Task<Void> bad = Heddle.currentLoop().siblings().get(1).spawn(() -> fail(first));
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> shield(() -> bad.join()));
                g.spawn(() -> shield(() -> bad.join()));
                bad.join();
            }));
            assertEquals(List.of(first), grouped.failures());
        });
    }

    @Test
    void failureOfABodyInAPoolIsOneFailure() {
        Heddle.run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                    Task<Void> bad = g.spawn(() -> pool.call(() -> fail(first)));
                    g.spawn(() -> shield(() -> bad.join()));
                    bad.join();
                }));
                assertEquals(List.of(first), grouped.failures());
            }
        });
    }

    @Test
    void innerGroupKeepsOnlyWhatTheOuterOneHasNotToldYet() {
        ManualEngine.run(() -> {
            GroupException outer = assertThrows(GroupException.class, () -> group(g -> {
                Task<Void> failing = g.spawn(() -> fail(first));
                group(inner -> {
                    inner.spawn(failing::join);
                    try {
                        sleep(ofHours(1));
                    } finally {
                        fail(second);
                    }
                });
            }));
            assertEquals(2, outer.failures().size());
            assertSame(first, outer.failures().getFirst());
            GroupException rest = (GroupException) outer.failures().getLast();
            assertEquals(List.of(second), rest.failures());
            assertEquals(0, countOf(first, rest));
        });
    }

    @Test
    void racersThatFailByTheSameTaskAreOneFailure() {
        ManualEngine.run(() -> {
            Task<Void> failing = spawn(() -> fail(first));
            GroupException grouped = assertThrows(
                    GroupException.class, () -> Heddle.race(failing::join, failing::join));
            assertEquals(List.of(first), grouped.failures());
        });
    }

    @Test
    void errorHasWhatItHasSuppressedAlreadyOnce() {
        AssertionError fatal = new AssertionError("fatal");
        ManualEngine.run(() -> {
            AssertionError thrown = assertThrows(AssertionError.class, () -> group(g -> {
                Task<Void> failing = g.spawn(() -> fail(first));
                group(inner -> {
                    inner.spawn(failing::join);
                    try {
                        sleep(ofHours(1));
                    } catch (CancelledException e) {
                        throw fatal;
                    }
                });
            }));
            assertSame(fatal, thrown);
            assertEquals(1, countOf(first, thrown));
        });
    }

    private static long countOf(Throwable wanted, Throwable in) {
        return Arrays.stream(in.getSuppressed()).filter(each -> each == wanted).count()
                + (in.getCause() == wanted ? 1 : 0);
    }

    @Test
    void firstOfATypeIsFoundInAnInnerGroup() {
        ManualEngine.run(() -> {
            GroupException outer = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> group(inner -> {
                    inner.spawn(() -> fail(first));
                }));
            }));
            assertEquals(Optional.of(first), outer.firstOf(IllegalArgumentException.class));
            assertEquals(List.of(first), GroupException.leaves(outer));
        });
    }

    @Test
    void leavesAreInTheOrderTheyHappenedAndCheckedOnesAreBare() {
        IOException checked = new IOException("disk full");
        TaskFailedException wrapped = new TaskFailedException("a step failed", checked);
        TaskFailedException ofItsOwn = new TaskFailedException("the whole failed", second);
        GroupException inner = new GroupException(List.of(first, wrapped));
        GroupException outer = new GroupException(List.of(inner, ofItsOwn));
        assertEquals(List.of(first, checked, ofItsOwn), GroupException.leaves(outer));
        assertEquals(List.of(first), GroupException.leaves(first));
    }

    @Test
    void failuresAreThereAfterATripThroughBytes() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new GroupException(List.of(first, second)));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            GroupException read = (GroupException) in.readObject();
            assertEquals(List.of("first", "second"), read.failures().stream().map(Throwable::getMessage).toList());
            assertSame(read.getCause(), read.failures().getFirst());
        }
    }

    @Test
    void errorOfATaskComesOutBareAfterTheSiblingsHaveEnded() {
        AssertionError fatal = new AssertionError("fatal");
        ManualEngine.run(() -> {
            AssertionError thrown = assertThrows(AssertionError.class, () -> group(g -> {
                g.spawn(() -> {
                    throw fatal;
                });
                g.spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        log.add("sibling");
                        fail(second);
                    }
                });
            }));
            assertSame(fatal, thrown);
            assertTrue(List.of(thrown.getSuppressed()).contains(second));
        });
        assertEquals(List.of("sibling"), log);
    }

    @Test
    void errorThatIsTheCauseOfAnotherFailureHasThatOneWithoutCauses() {
        ManualEngine.run(() -> {
            var error = new AssertionError("bad");
            assertSame(error, assertThrows(AssertionError.class, () -> group(g -> {
                g.spawn(() -> {
                    throw error;
                });
                g.spawn(() -> fail(new IllegalStateException("behind it", error)));
            })));
            Throwable note = error.getSuppressed()[error.getSuppressed().length - 1];
            assertEquals("java.lang.IllegalStateException: behind it", note.getMessage());
            assertNull(note.getCause());
        });
    }

    @Test
    void errorOfTheBodyComesOutBare() {
        OutOfMemoryError fatal = new OutOfMemoryError("made up");
        ManualEngine.run(() -> {
            assertSame(fatal, assertThrows(OutOfMemoryError.class, () -> group(g -> {
                g.spawn(() -> logCancelOf("task"));
                throw fatal;
            })));
        });
        assertEquals(1, log.size());
    }

    @Test
    void errorThatComesAfterAnExceptionStillComesOutBare() {
        ManualEngine.run(() -> {
            AssertionError thrown = assertThrows(AssertionError.class, () -> group(g -> {
                g.spawn(() -> fail(first));
                g.spawn(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        throwError();
                    }
                });
            }));
            assertTrue(List.of(thrown.getSuppressed()).contains(first));
        });
    }

    @Test
    void failureWhoseMessageThrowsStillEndsTheGroup() {
        RuntimeException nasty = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message either");
            }
        };
        ManualEngine.run(() -> {
            GroupException fromTask = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> fail(nasty));
            }));
            assertSame(nasty, fromTask.getCause());
            GroupException fromBody = assertThrows(GroupException.class, () -> group(g -> {
                throw nasty;
            }));
            assertSame(nasty, fromBody.getCause());
        });
    }

    @Test
    void sameExceptionThrownByTwoTasksIsListedOnce() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> fail(first));
                g.spawn(() -> fail(first));
            }));
            assertEquals(List.of(first), grouped.failures());
        });
    }

    @Test
    void timeoutOfAnotherLibraryThatLooksLikeAnInterruptIsAFailure() {
        var timeout = new java.io.InterruptedIOException("timeout");
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> {
                    throw timeout;
                });
            }));
            assertEquals(List.of(timeout), grouped.failures());
            assertFalse(CancelScope.current().isCancelled());
        });
    }

    @Test
    void failuresThatAreEachOthersCauseAreGroupedAndPrinted() {
        TaskFailedException circular = new TaskFailedException("first");
        TaskFailedException back = new TaskFailedException("second", circular);
        circular.initCause(back);
        back.addSuppressed(circular);
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> fail(circular));
                g.spawn(() -> fail(back));
            }));
            assertEquals(List.of(circular, back), grouped.failures());
            StringWriter page = new StringWriter();
            grouped.printStackTrace(new PrintWriter(page));
            assertTrue(page.toString().contains("CIRCULAR REFERENCE"), page.toString());
            assertSame(circular, assertThrows(TaskFailedException.class, () -> CancelScope.open(scope -> {
                scope.cancel("enough");
                fail(circular);
            })));
        });
    }

    @Test
    void cleanUpThatFailsInABodyWhichATaskCancelledIsReported() {
        List<String> reports = new ArrayList<>();
        var cleanUp = new IllegalStateException("clean-up");
        Heddle.run(ManualEngine.config().withFailureHandler((what, failure) -> {
            reports.add(what);
            assertSame(cleanUp, failure.getSuppressed()[0]);
        }), () -> {
            GroupException grouped = assertThrows(GroupException.class, () -> group(g -> {
                g.spawn(() -> fail(first));
                CancelledException cancel = assertThrows(CancelledException.class, () -> sleep(ofHours(1)));
                cancel.addSuppressed(cleanUp);
                throw cancel;
            }));
            assertEquals(List.of(first), grouped.failures());
        });
        assertEquals(List.of("task main (loop, running) was cancelled, and its clean-up failed"), reports);
    }

    @Test
    void interruptThatABodyPassesOnCancelsItsTaskAndIsNoFailure() {
        ManualEngine.run(() -> {
            var threads = new Thread[1];
            Task<Void> task = spawn(() -> group(g -> {
                threads[0] = Thread.currentThread();
                while (!Thread.interrupted()) {
                    LockSupport.park();
                }
                throw new InterruptedException("by a library");
            }));
            checkpoint();
            threads[0].interrupt();
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(Task.State.CANCELLED, task.state());
        });
    }

    private void logCancelOf(String who) {
        try {
            sleep(ofHours(1));
        } catch (CancelledException e) {
            log.add(who + ": " + e.getMessage());
            throw e;
        }
    }

    private static void fail(RuntimeException e) {
        throw e;
    }

    private static void throwError() {
        throw new AssertionError("late");
    }
}
