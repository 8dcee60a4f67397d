package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.GroupException;
import dev.heddle.Outcome;
import dev.heddle.RestartPolicy;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on groups. */
final class GroupsTest {

    private final List<String> stored = new ArrayList<>();

    private static String get(String name) {
        sleep(Duration.ofMillis(100L * name.length()));
        return "page " + name;
    }

    private void store(String page) {
        stored.add(page);
    }

    @Test
    void groupEndsWhenItsTasksHaveEnded() {
        Sim.run(() -> {
            var names = List.of("a", "bb", "ccc");
            group(g -> {
                for (String name : names) {
                    g.spawn(() -> store(get(name)));
                }
            });
            IO.println("all " + stored.size() + " are stored");
            assertEquals(List.of("page a", "page bb", "page ccc"), stored);
        });
    }

    @Test
    void groupGivesTheResultOfItsBody() {
        Sim.run(() -> {
            int total = group(g -> {
                Task<String> one = g.spawn(() -> get("one"));
                Task<String> two = g.spawn(() -> get("two"));
                return one.join().length() + two.join().length();
            });
            assertEquals(16, total);
        });
    }

    @Test
    void firstFailureCancelsTheRestAndAllFailuresComeTogether() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try {
                group(g -> {
                    g.spawn(() -> store(get("a long name")));
                    g.spawn(() -> {
                        throw new IOException("disk full");
                    });
                });
            } catch (GroupException e) {
                IO.println(e.failures());
                e.firstOf(IOException.class)
                        .ifPresent(failure -> IO.println("stored nothing: " + failure.getMessage()));
            }
        }));
        assertEquals(List.of("[java.io.IOException: disk full]", "stored nothing: disk full"), lines);
        assertTrue(stored.isEmpty());
    }

    @Test
    void gatherRaceAndMapAreGroupsWithAResult() {
        Sim.run(() -> {
            var names = List.of("d", "ee");
            List<String> both = gather(() -> get("a"), () -> get("b"));              // in the order of the arguments

            String first = race(() -> get("slow"), () -> get("fast"));               // the first success; the rest is cancelled

            List<String> pages = map(List.of("a", "b", "c"), 2, name -> get(name));  // in the order of the items, 2 at a time

            forEach(names, 2, name -> store(get(name)));                             // the same without results
            assertEquals(List.of("page a", "page b"), both);
            assertTrue(List.of("page slow", "page fast").contains(first));
            assertEquals(List.of("page a", "page b", "page c"), pages);
            assertEquals(List.of("page d", "page ee"), stored);
        });
    }

    @Test
    void groupIsCancelledAsAWhole() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            group(g -> {
                for (String name : List.of("warp", "weft", "reed")) {
                    g.spawn(name, () -> sleep(Duration.ofHours(1)));
                }
                sleep(Duration.ofSeconds(1));
                IO.println(g.tasks());
                g.cancel("enough");
            });
            IO.println("no failure: the group's own cancel just ends it");
        }));
        assertEquals(
                List.of(
                        "[task warp (sim, running), task weft (sim, running), task reed (sim, running)]",
                        "no failure: the group's own cancel just ends it"),
                lines);
    }

    @Test
    void afterItsEndAGroupTakesNothing() {
        Sim.run(() -> {
            var kept = new ArrayList<TaskGroup>();
            group(g -> {
                kept.add(g);
            });
            assertThrows(IllegalStateException.class, () -> kept.getFirst().spawn(() -> get("a")));
        });
    }

    @Test
    void groupGoesOnWhenATaskSaysThatItIsReady() {
        List<String> lines = Output.of(() -> Sim.run(() -> group(g -> {
            int port = g.start("server", signal -> {
                sleep(Duration.ofMillis(100));                  // bind, read the configuration, ...
                signal.started(8080);                           // the starter goes on
                sleep(Duration.ofHours(1));                     // serve
            });
            IO.println("ready on port " + port);
            g.cancel("enough");
        })));
        assertEquals(List.of("ready on port 8080"), lines);
    }

    @Test
    void servicesStopLast() {
        Channel<String> lines = Channel.of(1);
        Sim.run(() -> {
            group(g -> {
                g.spawnService("log writer", () -> {
                    for (String line : lines) {
                        stored.add(line);
                    }
                });
                g.spawn("worker", () -> {
                    sleep(Duration.ofSeconds(1));
                    lines.send("done");                         // the log writer is still there
                });
            });
        });
        assertEquals(List.of("done"), stored);
    }

    private static void ship(String name) throws IOException {
        sleep(Duration.ofSeconds(1));
        if (name.startsWith("no")) {
            throw new IOException("no way to " + name);
        }
        IO.println("shipped " + name);
    }

    @Test
    void failuresOfATolerantGroupEndNobodyElse() {
        List<String> orders = List.of("north pole", "warp", "weft");
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try {
                tolerantGroup(g -> {
                    for (String name : orders) {                    // tasks are added as the orders come in
                        g.spawn(name, () -> ship(name));
                    }
                    Task<Void> gift = g.spawn("gift", () -> ship("nowhere"));
                    if (gift.awaitOutcome() instanceof Outcome.Failure<Void>(Throwable error)) {
                        IO.println("no gift: " + error.getMessage());
                    }
                });
            } catch (GroupException e) {
                IO.println("not shipped: " + e.failures());         // without the gift's
            }
        }));
        assertEquals(
                Set.of("shipped warp", "shipped weft", "no gift: no way to nowhere",
                        "not shipped: [java.io.IOException: no way to north pole]"),
                Set.copyOf(lines));
    }

    private int attempts;

    @Test
    void supervisedBodiesRunAgain() {
        List<String> lines = Output.of(() -> Sim.run(() -> group(g -> {
            g.supervise("feed", RestartPolicy.DEFAULT.withMaxRestarts(5, Duration.ofMinutes(1)), () -> {
                attempts++;
                if (attempts < 3) {
                    throw new IOException("connection lost");
                }
                IO.println("connected at attempt " + attempts);
            });
        })));
        assertEquals(List.of("connected at attempt 3"), lines);
    }
}
