package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.sync.Event;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The end of a WebSocket, from either side, from both, in time and not, and the cancels on the way. */
@LeavesNothing
final class WebSocketCloseTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Duration timeOf(Action body) throws Exception {
        long start = Heddle.currentLoop().nanoTime();
        body.run();
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).plusMillis(1).truncatedTo(ChronoUnit.SECONDS);
    }

    @Test
    void closeOfThePeerEndsTheLoopAndIsAnswered() {
        FramePeer.talk((request, socket) -> {
            int count = 0;
            assertEquals(OptionalInt.empty(), socket.closeCode());
            for (WebSocketMessage message : socket) {
                assertEquals(new WebSocketMessage.Text("a"), message);
                count++;
            }
            assertEquals(2, count);
            assertEquals(OptionalInt.of(3001), socket.closeCode());
            assertEquals("wie schön", socket.closeReason());
            assertFalse(socket.isOpen());
            assertTrue(socket.receive().isEmpty());
            assertThrows(ClosedException.class, () -> socket.sendText("late"));
        }, peer -> {
            peer.send(0x81, "a").send(0x81, "a").sendClose(3001, "wie schön");
            peer.expectClose(3001);
        });
    }

    @Test
    void closeWithoutACodeIsAnsweredWithout() {
        FramePeer.talk((request, socket) -> {
            assertTrue(socket.receive().isEmpty());
            assertEquals(OptionalInt.of(1005), socket.closeCode());
        }, peer -> {
            peer.send(0x88, "");
            peer.expectClose(1005);
        });
    }

    @Test
    void endOfTheHandlerClosesWith1000AndItsFailureWith1011() {
        FramePeer.talk((request, socket) -> socket.sendText("bye"), peer -> {
            assertEquals("bye", peer.next().text());
            assertEquals(1000, peer.next().code());
            peer.sendClose(1000, "");
            peer.awaitEnd();
        });
        FramePeer.talk((request, socket) -> {
            throw new IllegalStateException("on purpose");
        }, peer -> {
            assertEquals(1011, peer.next().code());
            peer.sendClose(1011, "");
            peer.awaitEnd();
        });
    }

    @Test
    void whatComesBeforeTheAnswerToACloseIsThrownAway() {
        FramePeer.talk((request, socket) -> {
            socket.close(4000, "enough");
            assertEquals(OptionalInt.of(4001), socket.closeCode());
        }, peer -> {
            FramePeer.Frame close = peer.next();
            assertEquals(4000, close.code());
            peer.send(0x81, "late").send(0x01, "half").sendClose(4001, "");
            peer.awaitEnd();
        });
    }

    @Test
    void bothMayCloseAtOnce() {
        FramePeer.talk((request, socket) -> {
            socket.receive();
            socket.close(1000, "");
            assertEquals(OptionalInt.of(1001), socket.closeCode());
        }, peer -> {
            peer.send(0x81, "now").sendClose(1001, "");
            peer.expectClose(1000);
        });
    }

    @Test
    void taskThatReceivesGetsTheMessagesBeforeTheAnswer() {
        FramePeer.talk((request, socket) -> {
            List<WebSocketMessage> got = new ArrayList<>();
            Task<Void> receiving = Heddle.spawn(() -> socket.forEach(got::add));
            Heddle.sleep(Duration.ofMillis(1));
            socket.close();
            receiving.join();
            assertEquals(List.of(new WebSocketMessage.Text("1"), new WebSocketMessage.Text("2")), got);
        }, peer -> {
            assertEquals(1000, peer.next().code());
            peer.send(0x81, "1").send(0x81, "2").sendClose(1000, "");
            peer.awaitEnd();
        });
    }

    @Test
    void peerThatNeverAnswersACloseIsAbortedAfterTheTimeout() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withCloseTimeout(Duration.ofSeconds(3)), (request, socket) -> {
            assertEquals(Duration.ofSeconds(3), timeOf(socket::close));
            assertEquals(OptionalInt.of(1006), socket.closeCode());
            assertThrows(ClosedException.class, socket::receive);
        }, peer -> {
            assertEquals(1000, peer.next().code());
            assertThrows(BrokenException.class, () -> peer.stream.readAll(100));
        });
    }

    @Test
    void closeInsideOfAMessageEndsAStreamOfItWithAnError() {
        FramePeer.talk((request, socket) -> {
            WebSocketInput input = socket.receiveStream().orElseThrow();
            assertEquals('h', input.read());
            assertThrows(BrokenException.class, input::readAllBytes);
            assertTrue(socket.receive().isEmpty());
        }, peer -> {
            peer.send(0x01, "half").sendClose(1000, "");
            peer.expectClose(1000);
        });
    }

    @Test
    void cancelledReceiveHasTakenNothing() {
        FramePeer.talk((request, socket) -> {
            for (int i = 0; i < 4; i++) {
                assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                    socket.receive();
                }));
            }
            assertEquals(new WebSocketMessage.Text("whole again"), socket.receive().orElseThrow());
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(10), () -> {
                socket.receive();
            }));
            assertEquals("streamed", new String(socket.receiveStream().orElseThrow().readAllBytes()));
            assertTrue(socket.isOpen());
        }, peer -> {
            byte[] frame = FramePeer.frame(0x80, "again".getBytes());
            peer.send(0x01, "who");
            Heddle.sleep(Duration.ofMillis(900));
            peer.send(0x00, "le ");
            Heddle.sleep(Duration.ofMillis(900));
            peer.stream.write(frame, 0, 3);
            Heddle.sleep(Duration.ofMillis(900));
            peer.stream.write(frame, 3, 5);
            Heddle.sleep(Duration.ofSeconds(5));
            peer.stream.write(frame, 8, frame.length - 8);
            peer.send(0x01, "str");
            Heddle.sleep(Duration.ofSeconds(15));
            peer.send(0x80, "eamed");
            assertEquals(1000, peer.next().code());
        });
    }

    @Test
    void sendCancelledInItsMiddleLeavesASocketThatCanOnlyBeAborted() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withCompression(false), (request, socket) -> {
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> socket.sendBinary(new byte[1_000_000])));
            assertThrows(BrokenException.class, () -> socket.sendText("after"));
            socket.close();
            assertEquals(OptionalInt.of(1006), socket.closeCode());
        }, peer -> {
            peer.connection.join();
            assertThrows(BrokenException.class, () -> peer.stream.readAll(1 << 21));
        });
    }

    @Test
    void sendCancelledWhileItWaitsForItsTurnHasSentNothing() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withMinCompressBytes(0).withContextTakeover(true),
                (request, socket) -> {
                    byte[] random = new byte[400_000];
                    new Random(1).nextBytes(random);
                    Task<Void> first = Heddle.spawn(() -> socket.sendBinary(random));
                    Heddle.sleep(Duration.ofMillis(1));
                    assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> socket.sendText("never")));
                    first.join();
                    socket.sendText("after");
                }, peer -> {
                    Heddle.sleep(Duration.ofSeconds(2));
                    assertEquals(0x82, peer.next().first());
                    assertEquals("after", peer.next().text());
                });
    }

    @Test
    void cancelledCloseAborts() {
        FramePeer.talk((request, socket) -> {
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> socket.close()));
            assertEquals(OptionalInt.of(1006), socket.closeCode());
        }, peer -> peer.connection.join());
    }

    @Test
    void onlyOneTaskReceives() {
        FramePeer.talk((request, socket) -> {
            Task<Void> first = Heddle.spawn(socket::awaitClose);
            Heddle.sleep(Duration.ofMillis(1));
            assertThrows(BusyException.class, socket::receive);
            first.join();
        }, peer -> {
            Heddle.sleep(Duration.ofSeconds(1));
            peer.send(0x89, "p");
            assertEquals("p", peer.next().text());
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        });
    }

    @Test
    void codesAndReasonsThatMustNotBeSentAreRefused() {
        FramePeer.talk((request, socket) -> {
            for (int code : new int[]{0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
                assertThrows(IllegalArgumentException.class, () -> socket.close(code, ""), "" + code);
            }
            assertThrows(IllegalArgumentException.class, () -> socket.close(1000, "ö".repeat(62)));
            assertTrue(socket.isOpen());
            socket.close(1000, "x".repeat(123));
        }, peer -> {
            assertEquals(125, peer.next().payload().length);
            peer.sendClose(1000, "");
            peer.awaitEnd();
        });
    }

    @Test
    void stoppingServerSaysThatItGoesAway() {
        FramePeer.talk((request, socket) -> {
            assertTrue(socket.receive().isEmpty());
            assertEquals(OptionalInt.of(1001), socket.closeCode());
        }, peer -> {
            Heddle.sleep(Duration.ofMillis(1));
            Task<Duration> stopping = Heddle.spawn(() -> timeOf(() -> peer.server.stop(MINUTE)));
            FramePeer.Frame close = peer.next();
            assertEquals(1001, close.code());
            Heddle.sleep(Duration.ofSeconds(2));
            peer.sendClose(1001, "");
            peer.awaitEnd();
            assertEquals(Duration.ofSeconds(2), stopping.join());
        });
    }

    @Test
    void stoppingServerWaitsForAHandlerAtWorkButNotForASilentPeer() {
        FramePeer.talk((request, socket) -> {
            Heddle.sleep(Duration.ofSeconds(20));
            assertThrows(ClosedException.class, () -> socket.sendText("late"));
        }, peer -> {
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(Duration.ofSeconds(25), timeOf(() -> peer.server.stop(MINUTE)));
        });
        FramePeer.talk((request, socket) -> assertThrows(ClosedException.class, socket::receive), peer -> {
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(Duration.ofSeconds(5), timeOf(() -> peer.server.stop(MINUTE)));
        });
    }

    @Test
    void handlerThatIgnoresTheStopIsCutOffAfterTheGrace() {
        List<HeddleException> seen = new ArrayList<>();
        FramePeer.talk((request, socket) -> {
            try {
                Heddle.sleep(Duration.ofHours(1));
            } catch (CancelledException e) {
                seen.add(e);
                throw e;
            }
        }, peer -> {
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(Duration.ofSeconds(7), timeOf(() -> peer.server.stop(Duration.ofSeconds(7))));
            peer.connection.cancel();
            peer.connection.awaitOutcome();
        });
        assertInstanceOf(CancelledException.class, seen.getFirst());
    }

    @Test
    void deadlinesOfHttpDoNotReachASocket() {
        Event done = Event.create();
        FramePeer.talk(WebSocketOptions.DEFAULT.withPingInterval(Duration.ZERO).withPongTimeout(Duration.ofSeconds(1)),
                (request, socket) -> {
                    assertEquals(new WebSocketMessage.Text("a day later"), socket.receive().orElseThrow());
                    done.set();
                }, peer -> {
                    Heddle.sleep(Duration.ofDays(1));
                    peer.send(0x81, "a day later");
                    done.await();
                });
    }

    @Test
    void closeThatWaitsForItsTurnStillLeavesWhenThePeerClosesFirst() {
        FramePeer.talk((request, socket) -> {
            Task<Void> sending = Heddle.spawn(() -> socket.sendBinary(new byte[1 << 20]));
            Heddle.sleep(Duration.ofMillis(1));
            Task<Void> closing = Heddle.spawn(() -> socket.close(1001, ""));
            Heddle.sleep(Duration.ofMillis(1));
            assertTrue(socket.receive().isEmpty());
            sending.join();
            closing.join();
        }, peer -> {
            Heddle.sleep(Duration.ofSeconds(1));
            peer.sendClose(1000, "");
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(1 << 20, peer.next().payload().length);
            assertEquals(1001, peer.next().code());
            peer.awaitEnd();
        });
    }

    @Test
    void cancelThatIsNotTheHandlersOwnIsAFailure() {
        FramePeer.talk((request, socket) -> {
            throw new CancelledException("kept from elsewhere");
        }, peer -> {
            assertEquals(1011, peer.next().code());
            peer.sendClose(1011, "");
            peer.awaitEnd();
        });
    }
}
