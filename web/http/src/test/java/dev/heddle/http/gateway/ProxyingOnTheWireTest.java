package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Wire;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What client and upstream of a gateway see of each other's half-sent requests and responses, byte by byte. */
final class ProxyingOnTheWireTest {

    private interface Frames {
        void play(FrameWire wire) throws Exception;
    }

    private interface Bytes {
        void play(ByteStream peer) throws Exception;
    }

    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static void play(boolean http2, Bytes upstream, Bytes visit) {
        Sim.run(() -> {
            List<Task<Void>> playing = new ArrayList<>();
            HttpClient.Builder options = HttpClient.builder().connector((host, port) -> {
                MemoryStreams.Pair pair = MemoryStreams.pair();
                playing.add(Heddle.currentLoop().spawn(() -> {
                    try {
                        upstream.play(pair.right());
                    } catch (BrokenException | ClosedException e) {
                        // The gateway has ended the connection, as some tests want it to.
                    } finally {
                        pair.right().close();
                    }
                }));
                return pair.left();
            });
            try (HttpClient http = (http2 ? options.http2PriorKnowledge() : options).build();
                    Proxying gateway = Proxying.to(Upstreams.of("http://up"), http).withTimeouts(
                            ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(10)));
                    MemoryStreams.Pair pair = MemoryStreams.pair()) {
                HttpServer server = HttpServer.builder().any("/", gateway).build();
                Task<Void> connection = Heddle.spawn(() -> server.serve(pair.right()));
                visit.play(pair.left());
                pair.left().close();
                connection.awaitOutcome();
                Heddle.sleep(Duration.ofMillis(100));
                assertEquals(0, gateway.statistics().getFirst().inFlight());
            }
            playing.forEach(Task::join);
        });
    }

    /** Plays both sides by frames. */
    private static void http2(Frames upstream, FrameWire.Peer visit) {
        Sim.run(() -> {
            List<Task<Void>> playing = new ArrayList<>();
            try (HttpClient http = HttpClient.builder().connector((host, port) -> {
                MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
                playing.add(Heddle.currentLoop().spawn(() -> {
                    try {
                        upstream.play(FrameWire.server(pair.right()));
                        pair.right().readAll(1 << 20);
                    } finally {
                        pair.right().close();
                    }
                }));
                return pair.left();
            }).http2PriorKnowledge().build();
                    Proxying gateway = Proxying.to(Upstreams.of("http://up"), http)) {
                FrameWire.playAt(HttpServer.builder().any("/", gateway).build(), wire -> {
                    wire.begin();
                    visit.play(wire);
                });
                Heddle.sleep(Duration.ofMillis(100));
                assertEquals(0, gateway.statistics().getFirst().inFlight());
            }
            playing.forEach(Task::join);
        });
    }

    private static String head(ByteStream peer) {
        return Wire.text(peer.readUntil(Wire.latin1("\r\n\r\n"), 1 << 16));
    }

    private static void write(ByteStream peer, String text) {
        peer.write(Wire.latin1(text));
    }

    private static FrameWire.Frame data(FrameWire wire) {
        return wire.read(Http2Frame.DATA);
    }

    @Test
    void headIsPassedOnBeforeAnythingElseComes() {
        play(false, upstream -> {
            head(upstream);
            write(upstream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertEquals("1\r\na\r\n0\r\n\r\n", Wire.text(upstream.readExactly(11)));
            write(upstream, "1\r\nb\r\n0\r\n\r\n");
            upstream.readAll(1);
        }, peer -> {
            write(peer, CHUNKED);
            String head = head(peer);
            assertTrue(head.startsWith("HTTP/1.1 200 OK"), head);
            // In chunks, so nobody can tell where the next request would begin if this one is not read to its end.
            assertTrue(head.contains("Connection: close"), head);
            write(peer, "1\r\na\r\n0\r\n\r\n");
            assertEquals("0001\r\nb\r\n0\r\n\r\n", Wire.text(peer.readAll(1000)));
        });
    }

    @Test
    void targetThatBrowsersSendIsPassedOnWithEscapes() {
        play(false, upstream -> {
            assertTrue(head(upstream)
                    .startsWith("GET /?a=b%7Cc&d=%7Bx%7D&e=100%25&f=[%5D%20 HTTP/1.1\r\n".replace("[", "%5B")));
            write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }, peer -> {
            write(peer, "GET /?a=b|c&d={x}&e=100%&f=[]%20 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(head(peer).startsWith("HTTP/1.1 200 OK"));
        });
    }

    @Test
    void responseToAWholeRequestKeepsBothConnections() {
        play(false, upstream -> {
            for (int i = 0; i < 2; i++) {
                head(upstream);
                assertEquals("1\r\na\r\n0\r\n\r\n", Wire.text(upstream.readExactly(11)));
                write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
            assertEquals(0, upstream.readAll(1).length);
        }, peer -> {
            for (int i = 0; i < 2; i++) {
                write(peer, CHUNKED + "1\r\na\r\n0\r\n\r\n");
                String head = head(peer);
                assertFalse(head.contains("Connection: close"), head);
                assertEquals("ok", Wire.text(peer.readExactly(2)));
            }
        });
    }

    @Test
    void refusedBodyOfALengthIsReadOverAndTheConnectionGoesOn() {
        play(false, upstream -> {
            head(upstream);
            write(upstream, "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");
            upstream.readAll(1 << 20);
        }, peer -> {
            for (int i = 0; i < 2; i++) {
                write(peer, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
                String head = head(peer);
                assertTrue(head.startsWith("HTTP/1.1 413"), head);
                assertFalse(head.contains("Connection: close"), head);
                write(peer, "x".repeat(10_000));
            }
        });
    }

    @Test
    void refusedBodyThatIsTooLongToReadOverEndsTheConnectionWithoutDestroyingTheAnswer() {
        play(false, upstream -> {
            head(upstream);
            write(upstream, "HTTP/1.1 413 No\r\nContent-Length: 3\r\n\r\nbig");
            upstream.readAll(1 << 20);
        }, peer -> {
            write(peer, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\n\r\n" + "x".repeat(100_000));
            String all = Wire.text(peer.readAll(1000));
            assertTrue(all.startsWith("HTTP/1.1 413"), all);
            assertTrue(all.contains("Connection: close\r\n") && all.endsWith("\r\n\r\nbig"), all);
        });
    }

    @Test
    void clientOfHttp2IsToldThatTheRestIsNotWanted() {
        http2(wire -> {
            assertEquals(1, wire.read(Http2Frame.HEADERS).stream());
            wire.head(1, false, ":status", "413").data(1, "big", true);
            assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        }, wire -> {
            wire.post(1, "/");
            FrameWire.Answer answer = wire.answer(1);
            assertEquals(413, answer.status());
            assertEquals("big", answer.body());
            assertEquals(Http2Error.NO_ERROR, wire.untilReset(1));
        });
    }

    @Test
    void upstreamThatWantsNoMoreIsHeardBehindItsWholeResponse() {
        http2(wire -> {
            wire.read(Http2Frame.HEADERS);
            wire.respond(1, "enough");
            Heddle.sleep(Duration.ofSeconds(3));
            assertEquals("a", data(wire).text());
            wire.reset(1, Http2Error.NO_ERROR);
        }, wire -> {
            wire.post(1, "/");
            // The end of the response does not wait for that of the request.
            assertEquals("enough", wire.answer(1).body());
            wire.data(1, "a", false);
            long begun = Heddle.currentLoop().nanoTime();
            assertEquals(Http2Error.NO_ERROR, wire.untilReset(1));
            assertEquals(3, Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toSeconds());
        });
    }

    @Test
    void resetOfTheClientIsThatOfTheUpstream() {
        for (boolean answered : new boolean[]{false, true}) {
            for (boolean sent : new boolean[]{false, true}) {
                http2(wire -> {
                    wire.read(Http2Frame.HEADERS);
                    assertEquals("a", data(wire).text());
                    if (answered) {
                        wire.head(1, false, ":status", "200").data(1, "b", false);
                    }
                    assertEquals(Http2Error.CANCEL, wire.untilReset(1));
                }, wire -> {
                    wire.post(1, "/").data(1, "a", sent);
                    if (answered) {
                        assertEquals("b", data(wire).text());
                    }
                    Heddle.sleep(Duration.ofSeconds(1));
                    wire.reset(1, Http2Error.CANCEL);
                    Heddle.sleep(Duration.ofSeconds(1));
                });
            }
        }
    }

    @Test
    void resetOfTheUpstreamIsThatOfTheClient() {
        for (boolean sent : new boolean[]{false, true}) {
            http2(wire -> {
                wire.read(Http2Frame.HEADERS);
                assertEquals("a", data(wire).text());
                wire.head(1, false, ":status", "200").data(1, "b", false);
                Heddle.sleep(Duration.ofSeconds(1));
                wire.reset(1, Http2Error.ENHANCE_YOUR_CALM);
            }, wire -> {
                wire.post(1, "/").data(1, "a", sent);
                assertEquals("b", data(wire).text());
                assertEquals(Http2Error.INTERNAL_ERROR, wire.untilReset(1));
            });
        }
    }

    @Test
    void resetOfTheUpstreamBeforeItsHeadIsA502() {
        http2(wire -> {
            wire.read(Http2Frame.HEADERS);
            wire.reset(1, Http2Error.INTERNAL_ERROR);
        }, wire -> {
            wire.post(1, "/").data(1, "a", false);
            assertEquals(502, wire.answer(1).status());
            assertEquals(Http2Error.NO_ERROR, wire.untilReset(1));
        });
    }

    @Test
    void clientIsAskedForItsBodyWhenTheUpstreamAsks() {
        play(false, upstream -> {
            assertTrue(head(upstream).contains("Expect: 100-continue\r\n"));
            Heddle.sleep(Duration.ofMillis(500));
            write(upstream, "HTTP/1.1 100 Continue\r\n\r\n");
            assertEquals("ab", Wire.text(upstream.readExactly(2)));
            write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            upstream.readAll(1);
        }, peer -> {
            write(peer, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", head(peer));
            write(peer, "ab");
            assertTrue(head(peer).startsWith("HTTP/1.1 200 OK"));
            assertEquals("ok", Wire.text(peer.readExactly(2)));
        });
    }

    @Test
    void upstreamThatReadsNoMoreHoldsTheClientUpAndIsThenTakenForSilent() {
        play(false, upstream -> {
            head(upstream);
            write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
            Heddle.sleep(Duration.ofMinutes(1));
        }, peer -> {
            write(peer, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\n\r\n");
            assertTrue(head(peer).startsWith("HTTP/1.1 200 OK"));
            int[] written = new int[1];
            Task<Void> writing = Heddle.spawn(() -> {
                while (true) {
                    peer.write(new byte[10_000]);
                    written[0] += 10_000;
                }
            });
            Heddle.sleep(Duration.ofSeconds(5));
            int full = written[0];
            Heddle.sleep(Duration.ofSeconds(4));
            assertEquals(full, written[0]);
            assertTrue(full < 1_000_000, "written " + full);
            // Cut in the middle of the response.
            Heddle.sleep(Duration.ofSeconds(2));
            assertTrue(writing.isDone());
        });
    }

    @Test
    void silentUpstreamIsA504AlsoWhenTheBodyIsThrough() {
        play(false, upstream -> {
            head(upstream);
            Heddle.sleep(Duration.ofMinutes(1));
        }, peer -> {
            write(peer, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
            assertTrue(head(peer).startsWith("HTTP/1.1 504"));
        });
    }

    @Test
    void bodyThatIsNoneEndsTheUpstreamsRequestWithoutAnEnd() {
        List<String> heard = new ArrayList<>();
        play(false, upstream -> {
            head(upstream);
            write(upstream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            try {
                heard.add(Wire.text(upstream.readAll(100)));
            } catch (BrokenException e) {
                heard.add("cut");
            }
        }, peer -> {
            write(peer, CHUNKED);
            assertTrue(head(peer).startsWith("HTTP/1.1 200"));
            write(peer, "zz\r\n");
            try {
                assertFalse(Wire.text(peer.readAll(1000)).contains("0\r\n\r\n"));
            } catch (BrokenException e) {
                assertTrue(heard.size() <= 1);
            }
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(List.of("cut"), heard);
        });
    }
}
