package dev.heddle.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock between processes. */
final class FileMutexTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private Path file() {
        return dir.resolve("lock");
    }

    @Test
    void itIsHeldUntilItIsClosed() {
        Heddle.run(() -> {
            try (FileMutex mutex = FileMutex.acquire(file())) {
                assertEquals(file(), mutex.path());
                assertEquals(Optional.empty(), FileMutex.tryAcquire(file()));
                assertEquals(Optional.empty(), FileMutex.acquireWithin(file(), Duration.ofMillis(1)));
                assertEquals(Optional.empty(), FileMutex.acquireWithin(file(), Duration.ZERO));
                assertEquals(OptionalLong.of(ProcessHandle.current().pid()), FileMutex.holder(file()));
            }
            assertEquals(OptionalLong.empty(), FileMutex.holder(file()));
            FileMutex again = FileMutex.tryAcquire(file()).orElseThrow();
            again.close();
            again.close();
            assertEquals("", Files.readString(file()), "the number of the process is gone");
        });
    }

    @Test
    void tasksThatWaitForItHoldItOneAfterTheOther() {
        int[] holding = new int[1];
        int[] times = new int[1];
        Heddle.run(() -> Heddle.group(g -> {
            for (int i = 0; i < 5; i++) {
                g.spawn(() -> {
                    try (FileMutex _ = FileMutex.acquire(file())) {
                        assertEquals(1, ++holding[0]);
                        Heddle.checkpoint();
                        holding[0]--;
                        times[0]++;
                    }
                });
            }
        }));
        assertEquals(5, times[0]);
    }

    @Test
    void anotherProcessExcludesThisOneAndIsNamed() throws Exception {
        try (LockHolder other = LockHolder.of(file())) {
            Heddle.run(() -> {
                assertEquals(Optional.empty(), FileMutex.tryAcquire(file()));
                assertEquals(OptionalLong.of(other.pid()), FileMutex.holder(file()));
                Task<FileMutex> waiting = Heddle.spawn(() -> FileMutex.acquire(file()));
                Heddle.offload(other::close);
                try (FileMutex _ = Heddle.timeout(LONG, waiting::join)) {
                    assertEquals(OptionalLong.of(ProcessHandle.current().pid()), FileMutex.holder(file()));
                }
            });
        }
    }

    @Test
    void processThatIsKilledLeavesNoLock() throws Exception {
        try (LockHolder other = LockHolder.of(file())) {
            other.kill();
            Heddle.run(() -> {
                assertEquals(OptionalLong.empty(), FileMutex.holder(file()),
                        "what a dead process has written does not count");
                FileMutex.tryAcquire(file()).orElseThrow().close();
            });
        }
    }

    @Test
    void askingWhoHoldsItDoesNotDropIt() throws Exception {
        Heddle.run(() -> {
            try (FileMutex _ = FileMutex.acquire(file())) {
                FileMutex.holder(file());
                FileMutex.tryAcquire(file());
                IOException refused = Heddle.offload(
                        () -> assertThrows(IOException.class, () -> LockHolder.of(file()).close()));
                assertTrue(refused.getMessage().contains("somebody else holds it"), refused.getMessage());
            }
        });
    }

    @Test
    void cancelledWaitHoldsNothing() {
        Heddle.run(() -> {
            try (FileMutex _ = FileMutex.acquire(file())) {
                assertThrows(
                        DeadlineExceededException.class,
                        () -> Heddle.timeout(Duration.ofMillis(20), () -> FileMutex.acquire(file())));
            }
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class, () -> FileMutex.acquire(file()));
                assertThrows(CancelledException.class, () -> FileMutex.tryAcquire(file()));
            });
            FileMutex.tryAcquire(file()).orElseThrow().close();
        });
    }

    @Test
    void itIsKnownByItsIdentityNotByItsName() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), file());
        Heddle.run(() -> {
            try (FileMutex _ = FileMutex.acquire(file())) {
                assertEquals(Optional.empty(), FileMutex.tryAcquire(link));
                assertEquals(FileMutex.holder(file()), FileMutex.holder(link));
            }
        });
    }

    @Test
    void linkToNowhereIsFollowed() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), file());
        Path lost = Files.createSymbolicLink(dir.resolve("lost"), dir.resolve("no/lock"));
        Heddle.run(() -> {
            FileMutex.acquire(link).close();
            assertTrue(Files.isRegularFile(file()));
            assertEquals(
                    FileFailedException.Reason.NOT_FOUND,
                    assertThrows(FileFailedException.class, () -> FileMutex.acquire(lost)).reason());
        });
    }

    @Test
    void fileThatWasRemovedMeanwhileIsMadeAnew() {
        Heddle.run(() -> {
            try (FileMutex _ = FileMutex.acquire(file())) {
                Files.delete(file());
                assertEquals(OptionalLong.empty(), FileMutex.holder(file()));
                FileMutex.tryAcquire(file()).orElseThrow().close();
            }
            assertTrue(Files.exists(file()));
        });
    }

    @Test
    void whatIsNoFileIsRefused() {
        Heddle.run(() -> {
            assertEquals(
                    FileFailedException.Reason.NOT_A_FILE,
                    assertThrows(FileFailedException.class, () -> FileMutex.acquire(dir)).reason());
            assertThrows(FileFailedException.class, () -> FileMutex.holder(dir));
            assertEquals(
                    FileFailedException.Reason.NOT_FOUND,
                    assertThrows(FileFailedException.class, () -> FileMutex.acquire(dir.resolve("no/lock")))
                            .reason());
            assertEquals(OptionalLong.empty(), FileMutex.holder(file()));
            assertFalse(Files.exists(file()), "asking makes nothing");
        });
    }
}
