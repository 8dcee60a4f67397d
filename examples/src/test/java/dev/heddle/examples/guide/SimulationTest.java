package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.DeadlockException;
import dev.heddle.examples.Output;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.Exploration;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Schedule;
import dev.heddle.sim.Sequencer;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimTest;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on simulation. */
final class SimulationTest {

    @Test
    void timeTakesNoTime() {
        assertEquals(List.of("PT8760H"), Output.of(SimulationTest::aYear));
    }

    private static void aYear() {
        Sim.run(() -> {
            sleep(Duration.ofDays(365));
            IO.println(Sim.current().elapsed());       // PT8760H, and no time has passed
        });
    }

    private void day(Sim sim) {
        gather(
                () -> sleep(sim.random().upTo(Duration.ofHours(1))),
                () -> sleep(sim.random().upTo(Duration.ofHours(1))));
    }

    @Test
    void programTellsWhetherItRepeats() {
        SimOptions options = SimOptions.DEFAULT.withSeed(1);
        assertEquals(Sim.run(options, this::day), Sim.run(options, this::day));
    }

    private void putUntilAnswered(HttpClient http, String url) {
        while (true) {
            try {
                http.request("PUT", url).send().expectSuccess().close();
                return;
            } catch (BrokenException | ConnectFailedException e) {
                sleep(Duration.ofSeconds(1));
            }
        }
    }

    @SimTest
    void everyOrderArrivesWhateverTheNetworkDoes(SimNetwork network) throws Exception {
        network.faults(FaultPlan.NONE.withCuts(0.5, 300));       // half of all connections are cut somewhere

        Set<String> orders = new HashSet<>();
        SimHost shop = network.host("shop");
        shop.spawn(() -> HttpServer.builder()
                .put("/orders/{id}", request -> {
                    orders.add(request.path("id"));
                    return Response.empty(204);
                })
                .build()
                .serve("shop", 80));

        network.host("customer").run(() -> {
            try (var http = HttpClient.create()) {
                map(List.of("1", "2", "3"), 3, id -> {
                    putUntilAnswered(http, "http://shop/orders/" + id);
                    return id;
                });
            }
        });
        assertEquals(Set.of("1", "2", "3"), orders);
    }

    @Test
    void sameSeedIsTheSameRun() {
        SimOptions options = SimOptions.DEFAULT.withSeed(42).withLink(LinkOptions.ROUGH);
        List<Long> hashes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Sim.Result result = Sim.run(options, sim -> gather(
                    () -> sleep(Duration.ofMillis(sim.random().below(100))),
                    () -> sleep(Duration.ofMillis(sim.random().below(100)))));
            hashes.add(result.traceHash());
        }
        assertEquals(hashes.getFirst(), hashes.getLast());
    }

    @Test
    void hostIsCutOffAndComesBack() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT), sim -> {
            SimHost shop = sim.network().host("shop");
            shop.spawn(() -> HttpServer.builder().get("/", request -> Response.text("open")).build().serve("shop", 80));
            SimHost customer = sim.network().host("customer");

            sim.network().partition(customer, shop);
            spawn(() -> {
                sleep(Duration.ofMinutes(1));
                sim.network().heal();
            });
            String answer = customer.run(() -> {
                try (var http = HttpClient.builder().build()) {
                    return timeout(Duration.ofMinutes(5), () -> getUntilAnswered(http, "http://shop/"));
                }
            });
            assertEquals("open", answer);
            assertTrue(sim.elapsed().compareTo(Duration.ofMinutes(1)) >= 0);
        });
    }

    private static String getUntilAnswered(HttpClient http, String url) {
        while (true) {
            try {
                return http.get(url).text();
            } catch (BrokenException | ConnectFailedException | DeadlineExceededException e) {
                sleep(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void whoWaitsForWhatIsTold() {
        var e = assertThrows(DeadlockException.class, () -> Sim.run(() -> {
            Channel<String> questions = Channel.of(0);
            Channel<String> answers = Channel.of(0);
            gather(
                    () -> {
                        questions.send("why?");
                        answers.receive();
                    },
                    () -> {
                        answers.send("because");       // waits for the first, which waits for this one
                        questions.receive();
                    });
        }));
        assertTrue(e.getMessage().contains("channel of 0"), e.getMessage());
        System.err.println(e.getMessage());
    }

    @Test
    @Tag("full")
    void manySeedsAreRunAtOnce() {
        Sim.seeds(1, 1000, this::twoPeopleBookTheLastSeat);
    }

    private void twoPeopleBookTheLastSeat() {
        List<String> seats = new ArrayList<>();
        Action book = () -> {
            checkpoint();
            if (seats.isEmpty()) {
                seats.add("taken");
            }
        };
        gather(book, book);
        assertEquals(1, seats.size());
    }

    @Test
    void everyOrderIsTried() {
        Exploration found = Sim.explore(SimOptions.DEFAULT, 1000, sim -> {
            List<String> seats = new ArrayList<>();
            Action book = () -> {
                if (seats.isEmpty()) {
                    checkpoint();                      // the other one may run here
                    seats.add("taken");
                }
            };
            gather(book, book);
            assertEquals(1, seats.size());
        });
        IO.println(found);                             // 4 of all 6 orders failed
        Schedule schedule = found.shortest().orElseThrow().schedule();
        assertEquals("4 of all 6 orders failed", found.toString());
        assertEquals(Schedule.of(), schedule);
        assertTrue(Sim.inEveryOrder(this::twoPeopleBookTheLastSeat).isComplete());
    }

    @Test
    void machinesAreUnreliableToo() {
        Sim.Result result = Sim.run(SimOptions.DEFAULT, sim -> {
            sim.network().faults(FaultPlan.NONE
                    .withStalls(0.02, Duration.ofMillis(300))                              // of tasks, at any step
                    .withSlowReaders(0.2, 1000)                                            // bytes per second
                    .withClockJumps(Duration.ofMinutes(1), Duration.ofHours(1)));
            for (int i = 0; i < 1000; i++) {
                checkpoint();
            }
        });
        assertTrue(result.virtualTime().isPositive());
    }

    @Test
    void realTimeIsRefused() {
        var e = assertThrows(IllegalStateException.class, () -> Sim.run(() -> Thread.sleep(100)));
        assertTrue(e.getMessage().contains("Thread.sleep"), e.getMessage());
    }

    @Test
    void orderIsForced() {
        Sim.run(() -> {
            List<String> steps = new ArrayList<>();
            Sequencer order = new Sequencer();
            gather(
                    () -> {
                        order.turn(0, () -> steps.add("read"));
                        order.turn(2, () -> steps.add("write"));
                    },
                    () -> order.turn(1, () -> steps.add("close")));
            assertEquals(List.of("read", "close", "write"), steps);
        });
    }
}
