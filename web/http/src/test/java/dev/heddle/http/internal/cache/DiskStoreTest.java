package dev.heddle.http.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.syntax.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Threads that open, write and forget at once leave the files that the index names, and no others. */
final class DiskStoreTest {

    private static final RequestFields NONE = new RequestFields(Headers.EMPTY, Headers.EMPTY);
    private static final Instant NOW = Instant.EPOCH;
    private static final long MAX = 1_000_000;
    private static final String URL = "http://site/page";

    @TempDir
    private Path directory;

    private final MemoryStore memory = new MemoryStore(MAX, 100_000);

    private static StoredReply reply(String url) {
        Headers headers = Headers.of("Cache-Control", "max-age=100");
        return StoredReply.of(url, true, new ReplyHead(200, "", headers, Protocol.HTTP_2), NONE, NOW, NOW);
    }

    /** The secret comes out of a pipe: the store is held in the middle of its look around. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void directoryIsOpenOnlyWhenAllThatIsThereIsKnown() throws IOException, InterruptedException, ExecutionException {
        Path secret = directory.resolve("secret");
        assertEquals(0, new ProcessBuilder("mkfifo", secret.toString()).start().waitFor());
        var store = new DiskStore(directory, MAX);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> opening = threads.submit(() -> {
                store.open();
                return null;
            });
            try (var pipe = Files.newOutputStream(secret)) { // waits for its reader
                assertFalse(store.isOpened());
                assertFalse(store.isUsable());
                pipe.write(new byte[32]);
            }
            opening.get();
        }
        assertTrue(store.isOpened());
        assertTrue(store.isUsable());
        store.close();
    }

    @Test
    void directoryThatCannotBeLookedAtIsFreeForTheNext() throws IOException {
        Path secret = Files.createDirectories(directory.resolve("secret"));
        var store = new DiskStore(directory, MAX);
        assertTrue(failsToOpen(store));
        assertTrue(store.isOpened(), "once, whatever comes of it");
        assertFalse(store.isUsable());
        Files.delete(secret);
        var next = new DiskStore(directory, MAX);
        next.open();
        assertTrue(next.isUsable());
        next.close();
    }

    private static boolean failsToOpen(DiskStore store) {
        try {
            store.open();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    @Tag("full")
    void namesThatAreUsedAgainKeepTheirNewFiles() throws IOException, InterruptedException, ExecutionException {
        var store = new DiskStore(directory, MAX);
        store.open();
        try (var threads = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < 2_000; round++) {
                put(store);
                store.forget(URL);
                Future<?> sweeping = threads.submit(() -> {
                    store.sweep();
                    return null;
                });
                put(store);
                sweeping.get();
                assertEquals(store.sizes().replies(), files(), "round " + round);
            }
        }
        store.close();
    }

    private void put(DiskStore store) throws IOException {
        store.put(reply(URL), memory.place(URL, NONE), memory);
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(".reply")).count();
        }
    }
}
