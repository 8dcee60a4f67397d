package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.internal.websocket.FrameHead;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Pings to a silent peer, and connections given up because they are dead, stuck or idle; in virtual time. */
@LeavesNothing
final class WebSocketHeartbeatTest {

    private static final WebSocketOptions BEAT = WebSocketOptions.DEFAULT
            .withPingInterval(Duration.ofSeconds(10)).withPongTimeout(Duration.ofSeconds(4));

    private static long seconds() {
        return Duration.ofNanos(Heddle.currentLoop().nanoTime()).toSeconds();
    }

    @Test
    void silentPeerIsPingedAndItsPongGivesTheLatency() {
        FramePeer.talk(BEAT, (request, socket) -> {
            assertEquals(Optional.empty(), socket.latency());
            socket.receive();
            assertEquals(Optional.of(Duration.ofMillis(30)), socket.latency());
        }, peer -> {
            long start = seconds();
            for (int i = 1; i <= 5; i++) {
                FramePeer.Frame ping = peer.next();
                assertEquals(FrameHead.PING, ping.opcode());
                assertEquals(10 * i, seconds() - start);
                Heddle.sleep(Duration.ofMillis(30));
                peer.send(0x8a, ping.payload());
            }
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        });
    }

    @Test
    void peerThatDoesNotAnswerIsLost() {
        FramePeer.talk(BEAT, (request, socket) -> {
            long start = seconds();
            BrokenException lost = assertThrows(BrokenException.class, socket::receive);
            assertTrue(lost.getMessage().endsWith("did not answer a ping for 4 s"), lost.getMessage());
            assertEquals(14, seconds() - start);
            assertEquals(OptionalInt.of(1006), socket.closeCode());
            assertThrows(BrokenException.class, () -> socket.sendText("gone"));
        }, peer -> peer.connection.join());
    }

    @Test
    void longMessageThatComesSlowlyIsNotCutOff() {
        FramePeer.talk(BEAT, (request, socket) -> {
            assertEquals(new WebSocketMessage.Text("x".repeat(100)), socket.receive().orElseThrow());
        }, peer -> {
            for (int i = 0; i < 50; i++) {
                Heddle.sleep(Duration.ofSeconds(9));
                peer.send(i == 0 ? 0x01 : 0x00, "x");
            }
            byte[] last = FramePeer.frame(0x80, "x".repeat(50).getBytes());
            for (byte b : last) {
                Heddle.sleep(Duration.ofSeconds(9));
                peer.stream.write(new byte[]{b});
            }
            assertEquals(1000, peer.next().code());
        });
    }

    @Test
    void silenceThatNobodyListensToIsNotHeldAgainstThePeer() {
        FramePeer.talk(BEAT, (request, socket) -> {
            Heddle.sleep(Duration.ofHours(1));
            assertEquals(new WebSocketMessage.Text("there"), socket.receive().orElseThrow());
        }, peer -> {
            FramePeer.Frame ping = peer.next();
            peer.send(0x8a, ping.payload());
            peer.send(0x81, "there");
            assertEquals(1000, peer.next().code());
        });
    }

    @Test
    void peerThatTakesNothingIsLost() {
        FramePeer.talk(BEAT.withCompression(false), (request, socket) -> {
            long start = seconds();
            assertThrows(BrokenException.class, () -> socket.sendBinary(new byte[1_000_000]));
            assertTrue(seconds() - start <= 24, "" + (seconds() - start));
        }, peer -> peer.connection.join());
    }

    @Test
    void peerThatTakesALongFrameSlowlyIsNotLost() {
        WebSocketOptions patient = BEAT.withCloseTimeout(Duration.ofMinutes(1)).withCompression(false);
        FramePeer.talk(patient, (request, socket) -> socket.sendBinary(new byte[2_000_000]), peer -> {
            int left = 2_000_000;
            peer.stream.readExactly(10);
            while (left > 0) {
                Heddle.sleep(Duration.ofSeconds(8));
                left -= peer.stream.readExactly(Math.min(left, 64 * 1024)).length;
            }
            assertEquals(1000, peer.next().code());
        });
    }

    @Test
    void idleConnectionIsClosedWith1001() {
        WebSocketOptions idle = BEAT.withIdleTime(Duration.ofMinutes(1));
        FramePeer.talk(idle, (request, socket) -> {
            assertTrue(socket.receive().isPresent());
            long start = seconds();
            assertTrue(socket.receive().isEmpty());
            assertEquals(60, seconds() - start);
        }, peer -> {
            Heddle.sleep(Duration.ofSeconds(5));
            peer.send(0x81, "hello");
            FramePeer.Frame frame = peer.next();
            while (frame.opcode() == FrameHead.PING) {
                peer.send(0x8a, frame.payload());
                frame = peer.next();
            }
            assertEquals(1001, frame.code());
            peer.sendClose(1001, "");
            peer.awaitEnd();
        });
    }

    @Test
    void withoutAHeartbeatNothingIsSent() {
        FramePeer.talk(BEAT.withPingInterval(Duration.ZERO).withPongTimeout(Duration.ofSeconds(1)), FramePeer::echo,
                peer -> {
                    Heddle.sleep(Duration.ofHours(10));
                    assertEquals("still", peer.send(0x81, "still").next().text());
                });
    }
}
