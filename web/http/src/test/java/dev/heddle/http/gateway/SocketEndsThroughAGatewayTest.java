package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.engine.Engines;
import dev.heddle.http.FramePeer;
import dev.heddle.http.RawPeer;
import dev.heddle.http.RawPeer.Deed;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.internal.websocket.AcceptKey;
import dev.heddle.http.internal.websocket.CloseCodes;
import dev.heddle.http.internal.websocket.FrameHead;
import dev.heddle.http.server.HttpServer;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A WebSocket through a gateway ends on one side as it ends on the other: a close keeps its code, a loss is told as one,
 * and a message that is cut is never whole.
 */
@Timeout(60)
@Tag("full")
final class SocketEndsThroughAGatewayTest {

    private static final int WHOLE_TEXT = 0x81;
    private static final int BEGUN_TEXT = 0x01;
    private static final int CLOSE = 0x88;
    private static final int LOST = 0;

    /** Longer than what is passed on at once. */
    private static final byte[] TEXT = "x".repeat(40_000).getBytes(StandardCharsets.UTF_8);

    /** How a side ends, and with which code that is told to the other. */
    enum End {
        NORMAL(1000, Deed.END, 1000),
        NORMAL_BEFORE_A_RESET(1000, Deed.RESET, 1000),
        NORMAL_AND_HALF_CLOSED(1000, Deed.HALF_CLOSE, 1000),
        GOING_AWAY(1001, Deed.END, 1001),
        OF_THE_PROGRAM(4000, Deed.END, 4000),
        WITHOUT_A_CODE(1005, Deed.END, 1000),
        NO_CLOSE(LOST, Deed.END, LOST),
        NO_CLOSE_AND_HALF_CLOSED(LOST, Deed.HALF_CLOSE, LOST),
        RESET(LOST, Deed.RESET, LOST);

        private final int code;
        private final Deed deed;
        private final int told;

        End(int code, Deed deed, int told) {
            this.code = code;
            this.deed = deed;
            this.told = told;
        }

        void play(RawPeer peer, Side side) throws Exception {
            if (code != LOST) {
                peer.send(side.frame(CLOSE, code == 1005 ? new byte[0] : CloseCodes.payload(code, "")));
            }
            peer.act(deed);
        }
    }

    /** What has come of a message before the end. */
    enum Message {
        NONE {
            @Override
            void begin(RawPeer peer, Side side) {}
        },
        PART_OF_A_FRAME {
            @Override
            void begin(RawPeer peer, Side side) throws Exception {
                peer.send(Arrays.copyOf(side.frame(WHOLE_TEXT, TEXT), 20_000));
            }
        },
        FRAGMENT {
            @Override
            void begin(RawPeer peer, Side side) throws Exception {
                peer.send(side.frame(BEGUN_TEXT, TEXT));
            }
        },
        FRAGMENT_AND_PART_OF_A_FRAME {
            @Override
            void begin(RawPeer peer, Side side) throws Exception {
                peer.send(side.frame(BEGUN_TEXT, TEXT)).send(Arrays.copyOf(side.frame(0x80, TEXT), 100));
            }
        };

        abstract void begin(RawPeer peer, Side side) throws Exception;
    }

    /** Which side ends. */
    enum Side {
        CLIENT(1001),
        UPSTREAM(1014);

        /** What the other is told when it is lost. */
        private final int lost;

        Side(int lost) {
            this.lost = lost;
        }

        /** Masked by clients only. */
        byte[] frame(int first, byte[] payload) {
            if (this == CLIENT) {
                return FramePeer.frame(first, payload);
            }
            byte[] head = new byte[FrameHead.MAX_BYTES];
            int size = FrameHead.write(head, first, payload.length, false, 0);
            return FramePeer.join(Arrays.copyOf(head, size), payload);
        }
    }

    /** Reads frames up to the close: its code, behind the number of messages that ended before it. */
    private static String told(RawPeer peer) throws Exception {
        int whole = 0;
        while (true) {
            int first = peer.next().charAt(0);
            int length = peer.next().charAt(0);
            boolean masked = (length & 0x80) != 0;
            length &= 0x7f;
            if (length >= 126) {
                length = new BigInteger(1, bytes(peer, length == 126 ? 2 : 8)).intValueExact();
            }
            byte[] mask = bytes(peer, masked ? 4 : 0);
            byte[] payload = bytes(peer, length);
            if (first == CLOSE) {
                int code = ByteBuffer.wrap(payload).getShort() ^ (masked ? ByteBuffer.wrap(mask).getShort() : 0);
                return whole + " messages, " + (code & 0xffff);
            }
            whole += (first & 0x80) == 0 ? 0 : 1;
        }
    }

    private static byte[] bytes(RawPeer peer, int count) throws Exception {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) peer.next().charAt(0);
        }
        return bytes;
    }

    static Stream<Arguments> cells() {
        return CutThroughAGatewayTest.engines().flatMap(engine -> Stream.of(Side.values())
                .flatMap(side -> Stream.of(End.values()).map(end -> Arguments.of(engine, side, end))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void endOfOneSideIsTheOthers(String engine, Side side, End end) {
        for (Message message : Message.values()) {
            if (end.code != LOST && message != Message.NONE) {
                continue; // a close inside a message is the peer's fault, if it is one
            }
            Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), () -> {
                var upstreams = new Promise<RawPeer>();
                var over = new Promise<String>();
                try (var up = new RawPeer.Server(peer -> {
                    String head = peer.head();
                    String key = head.replaceAll("(?is).*sec-websocket-key: *([^\\r]+)\\r.*", "$1");
                    peer.send("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + AcceptKey.acceptFor(key) + "\r\n\r\n");
                    upstreams.complete(peer);
                    over.join();
                });
                        HttpClient http = HttpClient.create();
                        Proxying gateway = Proxying.to(Upstreams.of(up.url()), http).withWebSockets(
                                WebSocketOptions.DEFAULT.withCloseTimeout(Duration.ofMillis(100)))) {
                    HttpServer server = HttpServer.builder().any("/", gateway).start("127.0.0.1", 0);
                    RawPeer client = RawPeer.connect(server.port()).send(FramePeer.request("/"));
                    client.head();
                    RawPeer upstream = upstreams.join();
                    RawPeer ends = side == Side.CLIENT ? client : upstream;
                    RawPeer other = side == Side.CLIENT ? upstream : client;
                    message.begin(ends, side);
                    end.play(ends, side);

                    int code = end.told == LOST ? side.lost : end.told;
                    assertEquals("0 messages, " + code, told(other), message.toString());
                    other.close();
                    client.close();
                    upstream.close();
                    over.complete("");
                    while (gateway.statistics().getFirst().inFlight() > 0) {
                        Heddle.sleep(Duration.ofMillis(1));
                    }
                    server.stop(Duration.ZERO);
                }
            });
        }
    }
}
