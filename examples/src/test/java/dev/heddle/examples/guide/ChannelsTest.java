package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on channels. */
class ChannelsTest {

    @Test
    void aProducerAndAConsumer() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Channel<String> urls = Channel.of(10);
            group(g -> {
                g.spawn("producer", () -> {
                    for (int i = 1; i <= 20; i++) {
                        urls.send("http://example.org/" + i);   // waits while ten lie there
                    }
                    urls.close();
                });
                g.spawn("consumer", () -> {
                    for (String url : urls) {                   // ends when the channel is closed and empty
                        IO.println("got " + url);
                    }
                });
            });
        }));
        assertEquals(20, lines.size());
        assertEquals("got http://example.org/20", lines.getLast());
    }

    @Test
    void severalConsumersShareTheElements() {
        Sim.run(() -> {
            List<Integer> squares = new ArrayList<>();
            Channel<Integer> numbers = Channel.of(0);
            group(g -> {
                for (int worker = 1; worker <= 3; worker++) {
                    g.spawn("worker-" + worker, () -> {
                        for (int number : numbers) {
                            sleep(Duration.ofSeconds(1));
                            squares.add(number * number);
                        }
                    });
                }
                for (int number = 1; number <= 9; number++) {
                    numbers.send(number);                       // capacity 0: returns when a worker has taken it
                }
                numbers.close();
            });
            assertEquals(9, squares.size());
            assertEquals(Duration.ofSeconds(3), Sim.current().elapsed());
        });
    }

    @Test
    void tryingNeverWaits() {
        Sim.run(() -> {
            Channel<String> log = Channel.of(2);
            log.send("one");
            log.send("two");
            boolean sent = log.trySend("three");                // false: full
            assertFalse(sent);
            assertEquals("one", log.tryReceive().orElseThrow());
            assertTrue(log.statistics().toString().contains("capacity=2"), log.statistics().toString());
        });
    }

    @Test
    void aChannelJoinsLoopsAndThreads() {
        List<String> lines = Output.of(() -> {
            Channel<String> answers = Channel.of(1);
            Thread.ofPlatform().start(() -> answers.send("from a thread"));
            run(Config.DEFAULT.withLoops(2), () -> {
                IO.println(answers.receive());

                Loop other = currentLoop().siblings().get(1);
                Task<Void> sender = other.spawn(() -> answers.send("from " + currentLoop().name()));
                IO.println(answers.receive());
                sender.join();
            });
        });
        assertEquals(List.of("from a thread", "from loop-1"), lines);
    }

    @Test
    void theLocksOfTheJdkWorkInTasks() {
        Sim.run(() -> {
            var lock = new ReentrantLock();
            var places = new Semaphore(3);
            List<Duration> ends = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 9; i++) {
                    g.spawn(() -> {
                        places.acquire();                       // at most three at a time; the others wait, the loop does not
                        try {
                            sleep(Duration.ofSeconds(2));
                        } finally {
                            places.release();
                        }
                        lock.lock();                            // needed only because the update below waits in its middle
                        try {
                            sleep(Duration.ZERO);
                            ends.add(Sim.current().elapsed());
                        } finally {
                            lock.unlock();
                        }
                    });
                }
            });
            assertEquals(Duration.ofSeconds(6), ends.getLast());
        });
    }
}
