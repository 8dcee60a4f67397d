package dev.heddle.sim;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Task;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Channels between tasks that give up, stall and close at any moment: no element is lost and none comes twice. */
final class ChannelsScenarioTest {

    private static final Duration MOMENT = Duration.ofMillis(5);
    private static final int ELEMENTS = 20;

    @Test
    void whatWasSentIsReceivedOnceThoughCallsAreCancelled() {
        SimOptions stalling = SimOptions.DEFAULT.withFaults(FaultPlan.NONE.withStalls(0.05, MOMENT));
        Seeds.run(stalling, sim -> {
            SimRandom random = sim.random();
            Channel<Integer> channel = Channel.of(random.below(3));
            List<Integer> sent = new ArrayList<>();
            List<Integer> received = new ArrayList<>();
            Task<Void> consumers = spawn(() -> gather(
                    () -> consume(channel, received, random),
                    () -> consume(channel, received, random)));
            gather(
                    () -> produce(channel, sent, 0, random),
                    () -> produce(channel, sent, 1000, random));
            channel.close();
            consumers.join();
            assertEquals(new TreeSet<>(sent), new TreeSet<>(received));
            assertEquals(sent.size(), received.size());
            assertEquals(0, channel.statistics().waitingReceivers() + channel.statistics().waitingSenders());
        });
    }

    private static void produce(Channel<Integer> channel, List<Integer> sent, int from, SimRandom random) {
        for (int i = from; i < from + ELEMENTS; i++) {
            int element = i;
            if (moveOnAfter(random.upTo(MOMENT), () -> channel.send(element))) {
                sent.add(element);
            }
        }
    }

    private static void consume(Channel<Integer> channel, List<Integer> received, SimRandom random) {
        while (true) {
            try {
                Optional<Integer> element = moveOnAfter(random.upTo(MOMENT), channel::receive);
                element.ifPresent(received::add);
            } catch (ClosedException drained) {
                return;
            }
            if (random.chance(0.2)) {
                sleep(random.upTo(MOMENT));
            }
        }
    }

    @Test
    void elementsOfOneSenderKeepTheirOrder() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Channel<Integer> channel = Channel.of(random.below(4));
            spawn(() -> {
                for (int i = 0; i < ELEMENTS; i++) {
                    channel.send(i);
                }
                channel.close();
            });
            int expected = 0;
            for (int each : channel) {
                assertEquals(expected++, each);
            }
            assertEquals(ELEMENTS, expected);
        });
    }

    @Test
    void closeAtAnyMomentEndsEveryWaitAndSaysWhoseElementWasNotSent() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Channel<Integer> channel = Channel.of(1);
            List<Integer> sent = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int element = i;
                spawn(() -> {
                    sleep(random.upTo(MOMENT));
                    try {
                        channel.send(element);
                        sent.add(element);
                    } catch (ClosedException tooLate) {
                        // It was not sent, and must not come out.
                    }
                });
            }
            spawn(() -> {
                sleep(random.upTo(MOMENT));
                channel.close();
            });
            sleep(MOMENT);
            List<Integer> received = new ArrayList<>();
            channel.forEach(received::add);
            Sim.current().awaitIdle();
            assertTrue(channel.isClosed());
            assertEquals(new TreeSet<>(sent), new TreeSet<>(received));
        });
    }
}
