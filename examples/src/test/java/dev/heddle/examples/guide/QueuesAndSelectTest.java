package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Action;
import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Event;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Select;
import dev.heddle.sync.Subscription;
import dev.heddle.sync.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on queues, select and broadcast. */
final class QueuesAndSelectTest {

    private record Job(int level, String name) {}

    private final Channel<String> orders = Channel.of(10);
    private final Channel<String> complaints = Channel.of(10);
    private final List<String> done = new ArrayList<>();
    private int served;

    private static List<String> linesOf(Action body) {
        return Output.of(() -> Sim.run(body));
    }

    private List<String> read(String page) {
        sleep(Duration.ofSeconds(1));
        done.add(page);
        return switch (page) {
            case "/" -> List.of("/a", "/b");
            case "/a" -> List.of("/a/1", "/a/2");
            default -> List.of();
        };
    }

    private boolean serve(String order) {
        done.add(order);
        return true;
    }

    // ---- queues ----

    @Test
    void queueIsDoneWhenTheWorkThatCameOfTheWorkIsDone() {
        Sim.run(() -> {
            WorkQueue<String> pages = WorkQueue.fifo(1_000);
            group(g -> {
                for (int worker = 1; worker <= 4; worker++) {
                    g.spawn(() -> {
                        for (String page : pages) {
                            for (String link : read(page)) {
                                pages.put(link);                // more work
                            }
                            pages.taskDone();
                        }
                    });
                }
                pages.put("/");
                pages.awaitAllDone();                           // all that was put, and all that came of it
                pages.close();                                  // now the workers end
            });
            assertEquals(Set.of("/", "/a", "/b", "/a/1", "/a/2"), new HashSet<>(done));
            assertEquals(Duration.ofSeconds(3), Sim.current().elapsed());
        });
    }

    @Test
    void queueSaysWhichElementComesNext() {
        Sim.run(() -> {
            WorkQueue<Job> oldestFirst = WorkQueue.fifo(100);
            WorkQueue<Job> newestFirst = WorkQueue.lifo(100);
            WorkQueue<Job> mostUrgentFirst = WorkQueue.priority(100, Comparator.comparing(Job::level));
            for (WorkQueue<Job> queue : List.of(oldestFirst, newestFirst, mostUrgentFirst)) {
                queue.put(new Job(2, "sweep"));
                queue.put(new Job(1, "rescue"));
                queue.put(new Job(2, "dust"));
                queue.close();
                StringBuilder order = new StringBuilder();
                for (Job job : queue) {
                    order.append(job.name()).append(' ');
                }
                done.add(order.toString());
            }
            assertEquals(List.of("sweep rescue dust ", "dust rescue sweep ", "rescue sweep dust "), done);
        });
    }

    @Test
    void fullQueueAcceptsNothing() {
        Sim.run(() -> {
            WorkQueue<Job> jobs = WorkQueue.fifo(1);
            Job job = new Job(1, "sweep");
            jobs.put(job);
            boolean accepted = jobs.tryPut(job);
            Optional<Job> next = jobs.takeWithin(Duration.ofSeconds(1));
            assertEquals(List.of(false, job), List.of(accepted, next.orElseThrow()));
            assertEquals(1, jobs.statistics().unfinished());
        });
    }

    // ---- select ----

    @Test
    void selectDoesExactlyOneThingEachTime() {
        List<String> lines = linesOf(() -> {
            Channel<String> news = Channel.of(1);
            news.send("closed");
            Task<Integer> report = spawn(() -> {
                sleep(Duration.ofSeconds(3));
                return 7;
            });
            spawn(() -> {
                orders.send("tea");
                sleep(Duration.ofSeconds(1));
                complaints.send("cold");
                sleep(Duration.ofSeconds(1));
                news.receive();
            });
            Select<String> next = Select.<String>of()
                    .receive(orders, order -> "order " + order)
                    .receive(complaints, complaint -> "complaint " + complaint)
                    .join(report, pages -> "a report of " + pages + " pages")
                    .send(news, "open until noon", () -> "told the news");
            for (int i = 1; i <= 4; i++) {
                IO.println(next.get());
            }
            assertEquals("open until noon", news.receive());
        });
        assertEquals(List.of("order tea", "complaint cold", "told the news", "a report of 7 pages"), lines);
    }

    @Test
    void inOrderThePressedStopGoesFirst() {
        Sim.run(() -> {
            Event stop = Event.create();
            Task<Void> server = spawn(() -> {
                Select<Boolean> untilStopped = Select.<Boolean>inOrder()
                        .await(stop, () -> false)                       // an Event, looked at first
                        .receive(orders, order -> serve(order));
                while (untilStopped.get()) {
                    served++;
                }
            });
            orders.send("tea");
            Sim.current().awaitIdle();
            stop.set();
            orders.send("cake");
            server.join();
            assertEquals(1, served);
            assertEquals(List.of("tea"), done);
            assertEquals("cake", orders.receive());
        });
    }

    @Test
    void selectThatIsLateHasTakenNothing() {
        Sim.run(() -> {
            Optional<String> soon = Select.<String>of()
                    .receive(orders, order -> "order " + order)
                    .getWithin(Duration.ofSeconds(5));              // empty: nothing came, and nothing was taken
            assertEquals(Optional.empty(), soon);
            assertEquals(Duration.ofSeconds(5), Sim.current().elapsed());
            assertEquals(0, orders.statistics().waitingReceivers());
        });
    }

    @Test
    void endOfAChannelCanBeAValue() {
        Sim.run(() -> {
            orders.close();
            String what = Select.<String>of()
                    .receive(orders, order -> "order " + order, () -> "no more orders")
                    .receive(complaints, complaint -> "complaint " + complaint)
                    .get();
            assertEquals("no more orders", what);
        });
    }

    // ---- broadcast ----

    @Test
    void slowSubscriberMissesTheOldest() {
        List<String> lines = linesOf(() -> {
            Broadcast<String> prices = Broadcast.create();
            Subscription<String> mine = prices.subscribe(2, Overflow.DROP_OLDEST);
            spawn("display", () -> {
                try (mine) {
                    for (String price : mine) {
                        sleep(Duration.ofSeconds(1));               // slow, so it gets the newest two only
                        IO.println(price + ", missed " + mine.missed());
                    }
                }
            });
            for (int price = 1; price <= 5; price++) {
                prices.send("price " + price);
            }
            prices.close();                                         // subscribers get what they hold, and end
            sleep(Duration.ofSeconds(3));
        });
        assertEquals(List.of("price 4, missed 3", "price 5, missed 3"), lines);
    }
}
