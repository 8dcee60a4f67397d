package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Receiver;
import dev.heddle.sync.Sender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on channels. */
final class ChannelsTest {

    @Test
    void producerAndAConsumer() {
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
    void failureReachesWhoeverReceives() {
        List<String> output = Output.of(() -> Sim.run(() -> {
            Channel<String> lines = Channel.of(10);
            Task<Void> reader = spawn(() -> {
                for (String line : lines) {
                    IO.println(line);
                }
            });
            lines.send("the first line");
            lines.fail(new IOException("connection lost"));
            try {
                reader.join();
            } catch (ClosedException e) {
                IO.println(e.getMessage());     // the channel is closed by a failure: java.io.IOException: connection lost
            }
        }));
        assertEquals(
                List.of(
                        "the first line",
                        "the channel is closed by a failure: java.io.IOException: connection lost"),
                output);
    }

    private static void readInto(Sender<String> lines, String file) {
        sleep(Duration.ofSeconds(file.length()));
        lines.send("a line of " + file);
    }

    private static void readAll(List<String> files) {
        Channel<String> channel = Channel.of(10);
        group(g -> {
            try (Sender<String> lines = channel.sender()) {
                for (String file : files) {
                    Sender<String> mine = lines.copy();     // here, not in the task: the count must not fall to zero before
                    g.spawn(() -> {
                        try (mine) {
                            readInto(mine, file);
                        }
                    });
                }
            }
            for (String line : channel) {                   // ends when all files are read
                IO.println(line);
            }
        });
    }

    @Test
    void channelClosesWithItsLastSender() {
        assertEquals(
                List.of("a line of b", "a line of aaa"),
                Output.of(() -> Sim.run(() -> readAll(List.of("aaa", "b")))));
        assertEquals(List.of(), Output.of(() -> Sim.run(() -> readAll(List.of()))));
    }

    @Test
    void sendersAreToldWhenTheLastReceiverHasLeft() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Channel<Integer> numbers = Channel.of(0);
            Task<Void> producer = spawn(() -> {
                try {
                    for (int number = 1; true; number++) {
                        numbers.send(number);
                    }
                } catch (BrokenException e) {
                    IO.println(e.getMessage());                 // the last receiver of the channel is closed
                }
            });
            try (Receiver<Integer> mine = numbers.receiver()) {
                IO.println(mine.receive() + mine.receive());
            }
            producer.join();
        }));
        assertEquals(List.of("3", "the last receiver of the channel is closed"), lines);
    }

    @Test
    void callThatAnswersNoHasLeftNothing() {
        Sim.run(() -> {
            Channel<String> log = Channel.of(2);
            log.send("one");
            log.send("two");
            boolean sent = log.trySend("three");                                        // false: full
            boolean inTime = log.sendWithin("three", Duration.ofSeconds(1));            // false: still full
            Optional<String> first = log.tryReceive();
            Optional<String> second = log.receiveWithin(Duration.ofSeconds(1));
            assertFalse(sent);
            assertFalse(inTime);
            assertEquals(List.of("one", "two"), List.of(first.orElseThrow(), second.orElseThrow()));
            assertEquals(0, log.statistics().size());
        });
    }

    @Test
    void channelJoinsLoopsAndThreads() {
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
    void channelIsAQueueForCodeThatKnowsNoChannels() {
        Sim.run(() -> {
            Channel<String> lines = Channel.of(2);
            lines.send("one");
            lines.send("two");
            Task<Void> waiting = spawn(() -> lines.send("three"));
            BlockingQueue<String> queue = lines.asBlockingQueue();
            List<String> batch = new ArrayList<>();
            queue.drainTo(batch, 100);
            waiting.join();
            batch.addAll(queue);
            assertEquals(List.of("one", "two", "three"), batch);
        });
    }
}
