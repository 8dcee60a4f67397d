package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Engine;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.SocketHandover;
import dev.heddle.net.Tcp;
import dev.heddle.net.Unix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hand-over of listening sockets, between two users of it on one loop. An heir names its engine. */
abstract class HandOverContract {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    /** A fresh engine. */
    abstract Engine newEngine();

    private void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), () -> Heddle.timeout(LONG, body));
    }

    private Path path() {
        return directory.resolve("h");
    }

    /** Whoever connects gets one letter that says who serves. */
    private static Task<Void> serve(Listener listener, String letter) {
        return Heddle.spawn(() -> {
            while (true) {
                try (ByteStream stream = listener.accept()) {
                    stream.write(letter);
                } catch (ClosedException over) {
                    return;
                }
            }
        });
    }

    private static String ask(int port) {
        try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
            return new String(stream.readAll(10), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void firstFindsNobody() {
        run(() -> {
            try (SocketHandover first = SocketHandover.at(path())) {
                assertEquals(List.of(), first.sockets().names());
                assertThrows(IllegalStateException.class, first::awaitSuccessor);
            }
        });
    }

    @Test
    void nextServesOnTheSamePortAndTheOneBeforeStops() {
        run(() -> {
            SocketHandover first = SocketHandover.at(path());
            Listener old = Tcp.listen(0);
            int port = old.port();
            serve(old, "a");
            first.serving(Map.of("web", old));
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);
            assertEquals("a", ask(port));

            try (SocketHandover second = SocketHandover.at(path())) {
                assertEquals(List.of("web"), second.sockets().names());
                Listener fresh = second.sockets().take("web").orElseThrow();
                assertEquals(port, fresh.port());
                assertFalse(over.isDone(), "the one before serves until this one does");
                second.serving(Map.of("web", fresh));
                over.join();
                assertFalse(old.isOpen());
                serve(fresh, "b");
                for (int i = 0; i < 10; i++) {
                    assertEquals("b", ask(port));
                }
                fresh.close();
            }
            assertFalse(Files.exists(path()));
            assertThrows(ConnectFailedException.class, () -> ask(port));
        });
    }

    @Test
    void connectionsThatWaitToBeAcceptedAreNotLost() {
        run(() -> {
            SocketHandover first = SocketHandover.at(path());
            Listener old = Tcp.listen(0);
            first.serving(Map.of("web", old));
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);
            ByteStream early = Tcp.connect("127.0.0.1", old.port());

            SocketHandover second = SocketHandover.at(path());
            Listener fresh = second.sockets().take("web").orElseThrow();
            second.serving(Map.of("web", fresh));
            over.join();
            serve(fresh, "b");

            assertEquals("b", new String(early.readAll(10), StandardCharsets.US_ASCII));
            early.close();
            fresh.close();
            second.close();
        });
    }

    @Test
    void oneThatFailsBeforeItServesChangesNothing() {
        run(() -> {
            SocketHandover first = SocketHandover.at(path());
            Listener old = Tcp.listen(0);
            int port = old.port();
            serve(old, "a");
            first.serving(Map.of("web", old));
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);

            for (int i = 0; i < 3; i++) {
                try (SocketHandover failing = SocketHandover.at(path())) {
                    failing.sockets().take("web").orElseThrow().close();
                }
                try (SocketHandover takesNothing = SocketHandover.at(path())) {
                    assertEquals(1, takesNothing.sockets().names().size());
                }
            }

            assertEquals("a", ask(port));
            assertFalse(over.isDone());
            over.cancel("enough");
            over.awaitOutcome();
            old.close();
            first.close();
        });
    }

    @Test
    void manyGoInALine() {
        run(() -> {
            SocketHandover now = SocketHandover.at(path());
            Listener listener = Tcp.listen(0);
            int port = listener.port();
            serve(listener, "0");
            now.serving(Map.of("web", listener));
            for (int i = 1; i < 10; i++) {
                SocketHandover before = now;
                Task<Void> over = Heddle.spawn(before::awaitSuccessor);
                now = SocketHandover.at(path());
                listener = now.sockets().takeNext().orElseThrow();
                serve(listener, Integer.toString(i));
                now.serving(Map.of("web", listener));
                over.join();
                assertEquals(Integer.toString(i), ask(port));
            }
            listener.close();
            now.close();
        });
    }

    @Test
    void unixSocketKeepsItsPath() {
        run(() -> {
            Path served = directory.resolve("s");
            SocketHandover first = SocketHandover.at(path());
            Listener old = Unix.listen(served);
            first.serving(Map.of("web", old));
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);
            SocketHandover second = SocketHandover.at(path());
            Listener fresh = second.sockets().take("web").orElseThrow();
            second.serving(Map.of("web", fresh));
            over.join();

            serve(fresh, "b");
            try (ByteStream stream = Unix.connect(served)) {
                assertEquals(1, stream.readAll(10).length);
            }
            fresh.close();
            second.close();
            assertFalse(Files.exists(served), "the last one removes it");
        });
    }

    @Test
    void cancelledWaitHandsNothingOver() {
        run(() -> {
            SocketHandover first = SocketHandover.at(path());
            Listener old = Tcp.listen(0);
            first.serving(Map.of("web", old));
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);
            letOthersRun();
            over.cancel("enough");
            over.awaitOutcome();
            assertTrue(old.isOpen());
            old.close();
            first.close();
            assertFalse(Files.exists(path()));
        });
    }

    @Test
    void offerOutlivesACancelledWaitAndIsTakenInTheNextOne() {
        run(() -> {
            SocketHandover first = SocketHandover.at(path());
            Listener old = Tcp.listen(0);
            first.serving(Map.of("web", old));
            for (int i = 0; i < 3; i++) {
                assertFalse(Heddle.moveOnAfter(Duration.ofMillis(1), first::awaitSuccessor));
            }
            Task<SocketHandover> asks = Heddle.spawn(() -> SocketHandover.at(path()));
            letOthersRun();
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);
            letOthersRun();
            assertThrows(BusyException.class, first::awaitSuccessor);

            SocketHandover second = asks.join();
            Listener fresh = second.sockets().take("web").orElseThrow();
            assertEquals(old.port(), fresh.port());
            second.serving(Map.of("web", fresh));
            over.join();
            fresh.close();
            second.close();
        });
    }

    @Test
    void successorThatHangsBlocksNoOther() {
        run(() -> {
            SocketHandover first = SocketHandover.at(path());
            Listener old = Tcp.listen(0);
            first.serving(Map.of("web", old));
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);

            SocketHandover hanging = SocketHandover.at(path());
            SocketHandover second = SocketHandover.at(path());
            Listener fresh = second.sockets().take("web").orElseThrow();
            second.serving(Map.of("web", fresh));
            over.join();

            assertThrows(ListenFailedException.class, () -> hanging.serving(Map.of()));
            hanging.close();
            fresh.close();
            second.close();
        });
    }

    @Test
    void closeEndsTheWait() {
        run(() -> {
            SocketHandover first = SocketHandover.at(path());
            Listener old = Tcp.listen(0);
            first.serving(Map.of("web", old));
            Task<Void> over = Heddle.spawn(first::awaitSuccessor);
            letOthersRun();
            first.close();
            assertThrows(ClosedException.class, over::join);
            assertTrue(old.isOpen());
            old.close();
        });
    }

    @Test
    void whoSpeaksSomethingElseIsRefusedByName() {
        run(() -> {
            try (Listener stranger = Unix.listen(path())) {
                Task<Void> speaking = Heddle.spawn(() -> stranger.accept().write("HTTP/1.1 400 Bad Request\n\n"));
                ListenFailedException e = assertThrows(ListenFailedException.class, () -> SocketHandover.at(path()));
                assertTrue(String.valueOf(e.getMessage()).contains("does not hand over"), e::getMessage);
                speaking.join();
            }
            try (Listener stranger = Unix.listen(path())) {
                Task<Void> ending = Heddle.spawn(() -> stranger.accept().close());
                assertThrows(ListenFailedException.class, () -> SocketHandover.at(path()));
                ending.join();
            }
            Files.writeString(path(), "a file");
            assertInstanceOf(SocketHandover.class, SocketHandover.at(path()), "a file is nobody");
        });
    }

    @Test
    void namesAndListenersAreChecked() {
        run(() -> {
            try (SocketHandover first = SocketHandover.at(path()); Listener listener = Tcp.listen(0)) {
                assertThrows(IllegalArgumentException.class, () -> first.serving(Map.of("", listener)));
                assertThrows(IllegalArgumentException.class, () -> first.serving(Map.of("a b", listener)));
                assertThrows(IllegalArgumentException.class, () -> first.serving(Map.of("a\n", listener)));
                first.serving(Map.of());
                assertThrows(IllegalStateException.class, () -> first.serving(Map.of()));
            }
        });
    }

    @Test
    void whoAsksOneThatIsSilentEndsWithItsOwnDeadline() {
        run(() -> {
            try (Listener silent = Unix.listen(path())) {
                long begin = System.nanoTime();
                assertFalse(Heddle.moveOnAfter(Duration.ofMillis(50), () -> SocketHandover.at(path()).close()));
                assertTrue(System.nanoTime() - begin < Duration.ofSeconds(5).toNanos(), silent::toString);
            }
        });
    }
}
