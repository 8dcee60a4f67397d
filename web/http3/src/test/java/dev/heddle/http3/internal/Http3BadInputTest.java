package dev.heddle.http3.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.quic.internal.QuicStream;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client must not send: each is answered with the code that RFC 9114 or 9204 names, and harms nobody else. */
@Timeout(60)
final class Http3BadInputTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    /** GET https://localhost/, as a frame of HEADERS. */
    private static final String GET = "0110" + "0000" + "d1d7c1" + "5009" + "6c6f63616c686f7374";

    /** POST of 5 bytes to there. */
    private static final String POST_5 = "0113" + "0000" + "d4d7c1" + "5009" + "6c6f63616c686f7374" + "540135";

    private interface Body {
        void run(RawClient client, HttpServer server) throws Exception;
    }

    private static void withClient(Body body) {
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(IDENTITY))
                    .http3()
                    .get("/", _ -> Response.text("hello"))
                    .post("/", request -> Response.text("got " + request.bytes(100).length))
                    .start("127.0.0.1", 0);
                    RawClient client = new RawClient(server.port(), AUTHORITY.trust())) {
                body.run(client, server);
            }
        });
    }

    private static void assertServes(RawClient client) {
        assertTrue(RawClient.readAll(client.send(GET, true)).endsWith("hello"));
    }

    private static void assertEnded(RawClient client, HttpServer server, int code) {
        String why = client.awaitLost();
        assertTrue(why.startsWith("the peer has ended it with code " + code + ","), why);
        try (RawClient next = new RawClient(server.port(), AUTHORITY.trust())) {
            assertServes(next);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "first frame is no SETTINGS,                00070100,               0x10a",
            "SETTINGS twice,                            0004000400,             0x105",
            "DATA,                                      0004000000,             0x105",
            "HEADERS,                                   0004000100,             0x105",
            "PUSH_PROMISE,                              0004000500,             0x105",
            "a frame that only HTTP/2 has,              0004000600,             0x105",
            "a setting that only HTTP/2 has,            0004020201,             0x109",
            "a setting twice,                           00040406010601,         0x109",
            "ENABLE_CONNECT_PROTOCOL of 2,              0004020802,             0x109",
            "ENABLE_CONNECT_PROTOCOL of a million,      00040508800f4240,       0x109",
            "SETTINGS that end in a setting,            00040106,               0x106",
            "SETTINGS of a megabyte,                    000480100000,           0x107",
            "GOAWAY of two numbers,                     00040007020000,         0x106",
            "GOAWAY that takes back the last,           0004000701000701 04,    0x108",
            "CANCEL_PUSH,                               000400030100,           0x108",
            "MAX_PUSH_ID that takes back the last,      0004000d01050d0101,     0x108",
            "PRIORITY_UPDATE of no request,             000400800f07000101,     0x108",
            "PRIORITY_UPDATE of a push,                 000400800f07010100,     0x108",
            "PRIORITY_UPDATE of nothing,                000400800f070000,       0x106",
            "a push,                                    0100,                   0x103",
            "an insert into the table,                  0241,                   0x201",
            "a table of 31 bytes and more,              023f,                   0x201",
            "an acknowledged block,                     0381,                   0x202",
            "an increment of inserts,                   0301,                   0x202",
    })
    void onAStreamInOneDirectionEndsTheConnection(String what, String hex, String code) {
        withClient((client, server) -> {
            client.sendOneWay(hex.replace(" ", ""), false);
            assertEnded(client, server, Integer.decode(code));
        });
    }

    @Test
    void secondControlStreamEndsTheConnection() {
        withClient((client, server) -> {
            client.sendOneWay("000400", false);
            client.sendOneWay("000400", false);
            assertEnded(client, server, 0x103);
        });
    }

    @ParameterizedTest
    @CsvSource({"000400", "02", "03"})
    void endOfAStreamThatMustStandEndsTheConnection(String hex) {
        withClient((client, server) -> {
            client.sendOneWay(hex, true);
            assertEnded(client, server, 0x104);
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "DATA before HEADERS,               000161,             0x105",
            "SETTINGS,                          0400,               0x105",
            "GOAWAY,                            070100,             0x105",
            "a frame that only HTTP/2 has,      0900,               0x105",
            "PRIORITY_UPDATE,                   800f07000100,       0x105",
            "an end within HEADERS,             01100000,           0x106",
            "an end within a frame's length,    0140,               0x106",
            "a field of the other table,        010302 0080,        0x200",
            "a field that there is not,         01040000ff24,       0x200",
            "a text longer than its block,      010400002f7f,       0x200",
            "a text that is not in its code,    0106000050 82ffff,  0x200",
    })
    void onARequestsStreamEndsTheConnection(String what, String hex, String code) {
        withClient((client, server) -> {
            client.sendOneWay("000400", false);
            client.send(hex.replace(" ", ""), true);
            assertEnded(client, server, Integer.decode(code));
        });
    }

    @Test
    void framesBehindTrailersEndTheConnection() {
        withClient((client, server) -> {
            client.send(POST_5 + "00023132" + "01020000" + "000161", true);
            assertEnded(client, server, 0x105);
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "nothing,                           '',                                              0x10d",
            "no :method,                        0103 0000 d7,                                    0x10e",
            "a field of a connection,           0115 0000 d1d7c1 5000 2703636f6e6e656374696f6e 0178, 0x10e",
            "a name in capitals,                010b 0000 d1d7c1 5000 2158 0178,                 0x10e",
            "a pseudo-header twice,             0106 0000 d1d1d7c1,                              0x10e",
            "a status,                          0106 0000 d1d7c1d9,                              0x10e",
            "a block of a gigabyte,             01 c000000040000000,                             0x107",
    })
    void endsItsStreamOnly(String what, String hex, String code) {
        withClient((client, server) -> {
            QuicStream stream = client.send(hex.replace(" ", ""), true);
            BrokenException lost = assertThrows(BrokenException.class, () -> RawClient.readAll(stream));
            String told = "the peer has reset it with code " + Integer.decode(code);
            assertTrue(String.valueOf(lost.getMessage()).endsWith(told), lost::getMessage);
            assertServes(client);
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "shorter than announced,    00023132",
            "longer than announced,     0006313233343536",
    })
    void bodyThatIsNotAsLongAsAnnouncedIsNone(String what, String data) {
        withClient((client, server) -> {
            QuicStream stream = client.send(POST_5 + data, true);
            assertThrows(BrokenException.class, () -> RawClient.readAll(stream));
            assertServes(client);
        });
    }

    @Test
    void whatNobodyKnowsIsPassedOver() {
        withClient((client, server) -> {
            client.sendOneWay("4054" + "00112233", false);
            client.sendOneWay("21", true);
            client.sendOneWay("00" + "04023301" + "2103616161", false);
            String text = RawClient.readAll(client.send("21026161" + GET + "2100", true));
            assertTrue(text.endsWith("hello"), text);
        });
    }

    @Test
    void bodyInManyFramesWithTrailersIsOneBody() {
        withClient((client, server) -> {
            String trailers = "0106" + "0000" + "2178" + "0179";
            String text = RawClient.readAll(client.send(
                    POST_5 + "00023132" + "2103616161" + "0000" + "0003333435" + trailers, true));
            assertTrue(text.endsWith("got 5"), text);
        });
    }

    @Test
    void requestThatTricklesInIsServed() {
        withClient((client, server) -> {
            QuicStream stream = client.send("", false);
            for (byte each : HexFormat.of().parseHex(POST_5 + "00053132333435")) {
                stream.tryWrite(ByteBuffer.wrap(new byte[]{each}));
                Heddle.sleep(Duration.ofMillis(2));
            }
            stream.shutdownOutput();
            assertTrue(RawClient.readAll(stream).endsWith("got 5"));
        });
    }
}
