package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each server that can take part here has the same pages, and ends when it is told to. */
@Tag("full")
final class SiteServerTest {

    private static boolean canTakePart(SiteServer server, SiteMode mode) {
        return SiteServer.sides(List.of(server), mode, s -> () -> new double[0]).getFirst().missing().isEmpty();
    }

    static Stream<Arguments> serversOfHttp1() {
        return Stream.of(SiteMode.PLAIN, SiteMode.TLS)
                .flatMap(mode -> SiteServer.all(mode).stream().map(server -> Arguments.of(server, mode)));
    }

    @ParameterizedTest
    @MethodSource("serversOfHttp1")
    void allHaveTheSamePages(SiteServer server, SiteMode mode) throws Exception {
        assumeTrue(canTakePart(server, mode));
        try (SiteProcess process = SiteProcess.start(server, mode)) {
            assertIs(SiteProbe.get(process, Site.TEXT_PATH), Site.TEXT_TYPE, Site.TEXT);
            assertIs(SiteProbe.get(process, Site.LARGE_PATH), Site.LARGE_TYPE, new String(Site.large(), "US-ASCII"));
            String document = SiteProbe.get(process, Site.JSON_PATH).replace("\": \"", "\":\"");
            assertTrue(document.endsWith("\r\n\r\n{\"message\":\"Hello, World!\"}"), document);
        }
    }

    private static void assertIs(String answer, String type, String body) {
        String head = answer.substring(0, answer.indexOf("\r\n\r\n") + 2).toLowerCase(Locale.ROOT);
        assertTrue(head.startsWith("http/1.1 200"), head);
        assertTrue(head.contains("\r\ncontent-type: " + type), head);
        assertTrue(head.contains("\r\ncontent-length: " + body.length() + "\r\n"), head);
        assertTrue(head.contains("\r\ndate: "), head);
        // Who is asked to end the connection and does not say so seems to fail.
        assertTrue(head.contains("\r\nconnection: close\r\n"), head);
        assertEquals(body, answer.substring(head.length() + 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"C_EPOLL", "C_IO_URING"})
    void floorHasThePageForWhateverIsAsked(SiteServer server) throws Exception {
        assumeTrue(canTakePart(server, SiteMode.PLAIN));
        try (SiteProcess process = SiteProcess.start(server, SiteMode.PLAIN)) {
            String answer = SiteProbe.get(process, "/nothing");
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.contains("\r\nDate: "), answer);
            assertTrue(answer.endsWith("\r\n\r\n" + Site.TEXT), answer);
        }
    }

    static List<SiteServer> serversOfHttp2() {
        return SiteServer.all(SiteMode.HTTP_2);
    }

    @ParameterizedTest
    @MethodSource("serversOfHttp2")
    void whoTakesPartInHttp2SpeaksIt(SiteServer server) throws Exception {
        assumeTrue(canTakePart(server, SiteMode.HTTP_2));
        try (SiteProcess process = SiteProcess.start(server, SiteMode.HTTP_2)) {
            assertTrue(SiteProbe.speaksHttp2(process));
        }
    }

    @Test
    void serverOfHttp1IsNotTakenForOneOfHttp2() throws Exception {
        assumeTrue(canTakePart(SiteServer.JDK, SiteMode.PLAIN));
        try (SiteProcess process = SiteProcess.start(SiteServer.JDK, SiteMode.PLAIN)) {
            assertFalse(SiteProbe.speaksHttp2(process));
        }
    }

    @Test
    void engineThatIsAskedForIsTaken() {
        assumeTrue(canTakePart(SiteServer.HEDDLE_NIO, SiteMode.PLAIN));
        try (SiteProcess process = SiteProcess.start(SiteServer.HEDDLE_NIO, SiteMode.PLAIN)) {
            assertEquals("nio", process.engine());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NGINX", "HEDDLE_NIO", "AIOHTTP"})
    void serverEndsWithTheProgramThatStartedIt(SiteServer server) {
        assumeTrue(canTakePart(server, SiteMode.PLAIN));
        SiteProcess process = SiteProcess.start(server, SiteMode.PLAIN);
        process.close();
        assertFalse(ProcessHandle.of(process.pid()).map(ProcessHandle::isAlive).orElse(false));
    }

    @ParameterizedTest
    @EnumSource(names = {"NGINX", "HEDDLE_NIO"})
    void whatAServerCostsIsTold(SiteServer server) throws Exception {
        assumeTrue(canTakePart(server, SiteMode.PLAIN) && CProgram.COMPILER.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(server, SiteMode.PLAIN)) {
            Load load = Load.run(process, Site.TEXT_PATH, new Load.Plan(8, 0, 0, 0.1, 200));
            assertTrue(load.serverCpuNanos() > 0 && load.perSecond() > 0, load::toString);
            assertTrue(process.cpuNanos() > 0);
            assertTrue(process.residentBytes() > 0);
        }
    }

    /** Nginx ends those that wait for a request when its connections run out. */
    @ParameterizedTest
    @EnumSource(names = {"NGINX", "HEDDLE_NIO", "HEDDLE_EPOLL"})
    void serverThatIsToldHowManyHoldsThem(SiteServer server) throws Exception {
        assumeTrue(canTakePart(server, SiteMode.PLAIN) && CProgram.COMPILER.isThere().getAsBoolean());
        assumeTrue(Descriptors.forConnections() > 5_000);
        try (SiteProcess process = SiteProcess.start(server, SiteMode.PLAIN, 5_000)) {
            assertTrue(Load.run(process, Site.TEXT_PATH, new Load.Plan(5_000, 0, 0.2)).perSecond() > 0);
            process.awaitRest();
        }
    }

    @Test
    void serverInAJvmTellsWhatItTakesOfItsHeap() {
        assumeTrue(canTakePart(SiteServer.HEDDLE_NIO, SiteMode.PLAIN));
        try (SiteProcess process = SiteProcess.start(SiteServer.HEDDLE_NIO, SiteMode.PLAIN)) {
            assertTrue(process.allocatedBytes() > 0);
        }
    }

    @Test
    void pageThatIsNotThereIsAFailureOfTheLoad() {
        assumeTrue(canTakePart(SiteServer.NGINX, SiteMode.PLAIN) && CProgram.COMPILER.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(SiteServer.NGINX, SiteMode.PLAIN)) {
            assertThrows(IOException.class, () -> Load.run(process, "/nothing", new Load.Plan(1, 0, 0.1)));
        }
    }

    @Test
    void loadByHttp2Counts() throws Exception {
        assumeTrue(canTakePart(SiteServer.NGINX, SiteMode.HTTP_2) && H2Load.NEED.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(SiteServer.NGINX, SiteMode.HTTP_2)) {
            H2Load load = H2Load.run(List.of(), List.of("-n", "100", "-c", "2", process.url(Site.TEXT_PATH)));
            assertEquals(100, load.requests());
            assertEquals(100L * Site.TEXT.length(), load.bodyBytes());
        }
    }

    static List<SiteServer> serversOfWebSockets() {
        return SiteServer.all(SiteMode.WEB_SOCKET);
    }

    @ParameterizedTest
    @MethodSource("serversOfWebSockets")
    void whoTakesPartInWebSocketsEchoesTheirMessages(SiteServer server) throws Exception {
        assumeTrue(canTakePart(server, SiteMode.WEB_SOCKET) && CProgram.COMPILER.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(server, SiteMode.WEB_SOCKET)) {
            double seconds = 0.5; // the first load, as a JVM that has just begun answers late
            for (int bytes : List.of(125, 126)) {
                for (boolean text : List.of(true, false)) {
                    var plan = new Load.Plan(4, bytes, seconds);
                    assertTrue(Load.runWebSockets(process, Site.ECHO_PATH, text, plan).perSecond() > 0);
                    seconds = 0.2;
                }
            }
        }
    }

    @Test
    void pathWithoutWebSocketsIsAFailureOfTheLoad() {
        assumeTrue(canTakePart(SiteServer.HEDDLE_NIO, SiteMode.WEB_SOCKET));
        assumeTrue(CProgram.COMPILER.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(SiteServer.HEDDLE_NIO, SiteMode.WEB_SOCKET)) {
            var plan = new Load.Plan(1, 1, 0.5);
            assertThrows(IOException.class, () -> Load.runWebSockets(process, Site.TEXT_PATH, true, plan));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NGINX", "HEDDLE_NIO"})
    void loadUnderTlsAgreesOnWhatIsMeasured(SiteServer server) throws Exception {
        assumeTrue(canTakePart(server, SiteMode.TLS) && Wrk.NEED.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(server, SiteMode.TLS)) {
            assertTrue(Wrk.run(process.url(Site.TEXT_PATH), 1, 1, List.of()).requests() > 0);
        }
    }
}
