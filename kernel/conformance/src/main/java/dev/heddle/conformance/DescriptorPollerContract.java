package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import dev.heddle.net.Readiness;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The {@link PollerContract} for engines that know descriptors and edges, as those of Linux, with what they do beside
 * it.
 */
public abstract class DescriptorPollerContract extends PollerContract {

    /** For subclasses. */
    protected DescriptorPollerContract() {}

    /** The number of the system under a channel. */
    protected abstract int descriptorOf(Channel channel);

    @Test
    void descriptorIsWatchedAsAChannelIs() {
        run(() -> {
            try (Ends ends = Ends.open();
                    Poller<String> poller = Poller.open()) {
                int descriptor = descriptorOf(ends.source());
                PollKey<String> key = poller.add(descriptor, Poller.READABLE, "a pipe");
                assertQuiet(poller);
                ends.write(1);
                assertEquals(List.of(key), next(poller));
                assertEquals(List.of(key), next(poller));

                assertEquals(OptionalInt.of(descriptor), key.descriptor());
                assertTrue(key.channel().isEmpty());
                assertEquals(Optional.of(key), poller.find(descriptor));
                assertThrows(IllegalStateException.class, () -> poller.add(descriptor, 0, "again"));
                assertThrows(IllegalStateException.class, () -> poller.add(ends.source(), 0, "again"));
                key.close();
                assertEquals(Optional.empty(), poller.find(descriptor));
                assertQuiet(poller);
            }
        });
    }

    @Test
    void edgeIsToldOnceAndAgainWhenSomethingNewHappens() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE | Poller.EDGE, 1);
            ends.write(1);
            assertEquals(List.of(key), next(poller));
            assertQuiet(poller);
            ends.write(1);
            assertEquals(List.of(key), next(poller));
            ends.write(1);
            Heddle.sleep(SOON); // it happens while nobody waits
            ends.write(1);
            assertEquals(List.of(key), next(poller));
            assertEquals(4, ends.read());
        });
    }

    @Test
    void failureIsToldThoughNothingIsWantedAndDoesNotKeepTheLoopAwake() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.sink(), 0, 1);
            ends.source().close();
            assertEquals(List.of(key), next(poller));
            assertEquals(Poller.FAILED, key.readiness());
            assertTrue(key.isWritable(), "writing tells the failure");

            key.want(Poller.WRITABLE);
            Heddle.sleep(SOON);
            Fixtures.assertLoopSleeps(SOON.multipliedBy(5), 29);
            assertEquals(List.of(key), next(poller));
        });
    }

    @Test
    void fileIsRefusedSinceItIsAlwaysReady(@TempDir Path folder) {
        run(() -> {
            try (FileChannel file = FileChannel.open(
                    folder.resolve("file"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
                    Poller<Integer> poller = Poller.open()) {
                assertThrows(BrokenException.class, () -> poller.add(descriptorOf(file), Poller.READABLE, 1));
                assertThrows(BrokenException.class, () -> poller.add(1_000_000, Poller.READABLE, 1));
                assertEquals(0, poller.size());
            }
        });
    }

    @Test
    void oneTaskWaitsForOneDescriptor() {
        withPipe((ends, _) -> {
            Readiness.awaitWritable(descriptorOf(ends.sink()));
            Task<?> reader = Heddle.spawn(() -> Readiness.awaitReadable(descriptorOf(ends.source())));
            Fixtures.letOthersRun();
            assertFalse(reader.isDone());
            ends.write(1);
            reader.join();
        });
    }
}
