package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MalformedMessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The cases of Autobahn against both sides. Sections 1 to 10 are those of the suite itself, a program in Python 2 that
 * the profile {@code autobahn} takes from Maven Central with an interpreter. That copy is older than sections 12 and
 * 13, permessage-deflate; the list has them as echoes of messages, and {@code deflate.py} plays them with the library
 * websockets and data of its own.
 *
 * <p>The verdicts are written to {@code docs/reports/autobahn.md} when all four parts have run. Sections of the suite:
 * the property {@code autobahn.sections}, separated by commas; one without a case would hang the suite. Messages of
 * each case of compression: {@code autobahn.messages}. The suite's own time for a close is raised from one second,
 * which a busy machine does not always keep.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS) // a minute, as other tests have, is not for so many cases
final class AutobahnReport {

    private enum Part {
        SERVER, CLIENT, SERVER_COMPRESSED, CLIENT_COMPRESSED
    }

    private static final List<String> SECTIONS = List
            .of(System.getProperty("autobahn.sections", "1.*,2.*,3.*,4.*,5.*,6.*,7.*,9.*,10.*").split(","));

    private static final int MESSAGES = Integer.getInteger("autobahn.messages", 1000);

    private static final Path REPORT = Path.of("..", "..", "docs", "reports", "autobahn.md");

    private static final WebSocketOptions OPTIONS = WebSocketOptions.DEFAULT
            .withMaxMessageBytes(32 << 20)
            .withMaxFrameBytes(32 << 20)
            .withPingInterval(Duration.ZERO).withPongTimeout(Duration.ofSeconds(1))
            .withMinCompressBytes(0).withContextTakeover(true);

    private static final Map<Part, Map<String, String>> ALL = new EnumMap<>(Part.class);

    @BeforeAll
    static void peersAreHere() throws Exception {
        assumeTrue(AutobahnPeer.hasSuite(), "run it with the profile autobahn");
        OtherProgram.assumePythonHas("websockets");
    }

    @Test
    void serverPassesTheSuite() {
        judge(Part.SERVER, serve(url -> AutobahnPeer.suiteClient(url, SECTIONS)));
    }

    @Test
    void serverPassesTheCasesOfCompression() {
        judge(Part.SERVER_COMPRESSED, serve(url -> AutobahnPeer.deflateClient(url, MESSAGES)));
    }

    @Test
    void clientPassesTheSuite() {
        judge(Part.CLIENT, Heddle.run(() -> {
            try (AutobahnPeer suite = AutobahnPeer.suiteServer(SECTIONS); HttpClient http = HttpClient.create()) {
                String url = "ws://127.0.0.1:" + Heddle.offload(() -> suite.lineOf("port"));
                Task<Map<String, String>> verdicts = Heddle.spawn(() -> Heddle.offload(suite::verdicts));
                int cases = count(http, url);
                for (int i = 1; i <= cases; i++) {
                    echo(http, url + "/runCase?agent=heddle&case=" + i);
                }
                echo(http, url + "/updateReports?agent=heddle");
                suite.stop();
                assertEquals(cases, verdicts.join().size(), "cases with a verdict");
                return verdicts.join();
            }
        }));
    }

    @Test
    void clientPassesTheCasesOfCompression() {
        judge(Part.CLIENT_COMPRESSED, Heddle.run(() -> {
            try (AutobahnPeer server = AutobahnPeer.deflateServer(MESSAGES); HttpClient http = HttpClient.create()) {
                List<String> cases = Heddle.offload(server::cases);
                Task<Map<String, String>> verdicts = Heddle.spawn(() -> Heddle.offload(server::verdicts));
                for (String url : cases) {
                    echo(http, url);
                }
                assertEquals(cases.size(), verdicts.join().size(), "cases with a verdict");
                return verdicts.join();
            }
        }));
    }

    private interface Peer {
        AutobahnPeer start(String url) throws IOException;
    }

    private static Map<String, String> serve(Peer peer) {
        return Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder()
                    .webSocket("/", OPTIONS, FramePeer::echo)
                    .start("127.0.0.1", 0)) {
                return Heddle.offload(() -> {
                    try (AutobahnPeer client = peer.start("ws://127.0.0.1:" + server.port() + "/")) {
                        return client.verdicts();
                    }
                });
            }
        });
    }

    private static int count(HttpClient http, String url) {
        try (WebSocket socket = http.webSocket(url + "/getCaseCount").options(OPTIONS).connect()) {
            return socket.receive().orElseThrow() instanceof WebSocketMessage.Text(String text)
                    ? Integer.parseInt(text)
                    : 0;
        }
    }

    private static void echo(HttpClient http, String url) {
        try (WebSocket socket = http.webSocket(url).options(OPTIONS).connect()) {
            for (WebSocketMessage message : socket) {
                socket.send(message);
            }
        } catch (MalformedMessageException | LimitExceededException | BrokenException | ClosedException e) {
            // Whether that was to come, the peer knows.
        }
    }

    private static void judge(Part part, Map<String, String> verdicts) {
        ALL.put(part, verdicts);
        Map<String, String> bad = new TreeMap<>(AutobahnPeer::inOrder);
        verdicts.forEach((name, verdict) -> {
            // A server may not ask this client for a smaller window, so those that insist get no compression.
            boolean refused = part == Part.CLIENT_COMPRESSED && name.matches("13\\.[3-6]\\..*");
            String good = refused ? "UNIMPLEMENTED / OK" : "(OK|NON-STRICT|INFORMATIONAL) / (OK|INFORMATIONAL)";
            if (!verdict.matches(good)) {
                bad.put(name, verdict);
            }
        });
        assertEquals(Map.of(), bad);
    }

    @AfterAll
    static void write() throws IOException {
        if (ALL.size() < Part.values().length) {
            return;
        }
        Map<String, String> server = joined(Part.SERVER, Part.SERVER_COMPRESSED);
        Map<String, String> client = joined(Part.CLIENT, Part.CLIENT_COMPRESSED);
        var text = new StringBuilder(
                """
                        # WebSocket: the verdicts of Autobahn

                        Written by `mvn -B -Pautobahn -pl :heddle-http -am verify -Dtest=AutobahnReport`. Each verdict is that of the case and that of
                        its close.

                        Sections %s are run by the suite itself. Sections 12 and 13, permessage-deflate, are played after their description in
                        the list by the library websockets of Python, with data of the same kinds and %,d messages in each case. In 13.3 to 13.6
                        a server insists on a smaller window of the client, which this client does not offer; they go on without compression.

                        | verdict | of the server | of the client |
                        |---|---|---|
                        """
                        .formatted(String.join(", ", SECTIONS), MESSAGES));
        Map<String, Integer> ofServer = counts(server);
        Map<String, Integer> ofClient = counts(client);
        var verdicts = new TreeSet<>(ofServer.keySet());
        verdicts.addAll(ofClient.keySet());
        for (String verdict : verdicts) {
            row(text, verdict, ofServer.getOrDefault(verdict, 0), ofClient.getOrDefault(verdict, 0));
        }
        text.append("\n| case | server | client |\n|---|---|---|\n");
        var names = new TreeSet<>(AutobahnPeer::inOrder);
        names.addAll(server.keySet());
        names.addAll(client.keySet());
        for (String name : names) {
            row(text, name, server.getOrDefault(name, "-"), client.getOrDefault(name, "-"));
        }
        Files.createDirectories(REPORT.toAbsolutePath().normalize().getParent());
        Files.writeString(REPORT, text);
    }

    private static Map<String, String> joined(Part one, Part other) {
        Map<String, String> joined = new TreeMap<>(AutobahnPeer::inOrder);
        joined.putAll(ALL.getOrDefault(one, Map.of()));
        joined.putAll(ALL.getOrDefault(other, Map.of()));
        return joined;
    }

    private static Map<String, Integer> counts(Map<String, String> verdicts) {
        Map<String, Integer> counts = new TreeMap<>();
        verdicts.values().forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
        return counts;
    }

    private static void row(StringBuilder text, Object... cells) {
        for (Object cell : cells) {
            text.append("| ").append(cell).append(' ');
        }
        text.append("|\n");
    }
}
