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
@Tag("night")
final class SiteServerTest {

    static boolean canTakePart(SiteServer server, SiteMode mode) {
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
        SiteProcess process = SiteProcess.start(server, mode);
        try (process) {
            assertIs(SiteProbe.get(process, Site.TEXT_PATH), Site.TEXT_TYPE, Site.TEXT);
            assertIs(SiteProbe.get(process, Site.LARGE_PATH), Site.LARGE_TYPE, new String(Site.large(), "US-ASCII"));
            String document = SiteProbe.get(process, Site.JSON_PATH).replace("\": \"", "\":\"");
            assertTrue(document.endsWith("\r\n\r\n{\"message\":\"Hello, World!\"}"), document);
        }
        assertFalse(ProcessHandle.of(process.pid()).map(ProcessHandle::isAlive).orElse(false));
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

    @Test
    void serverOfHttp1IsNotTakenForOneOfHttp2() throws Exception {
        assumeTrue(canTakePart(SiteServer.JDK, SiteMode.PLAIN));
        try (SiteProcess process = SiteProcess.start(SiteServer.JDK, SiteMode.PLAIN)) {
            assertFalse(SiteProbe.speaksHttp2(process));
        }
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
            if (server == SiteServer.HEDDLE_NIO) {
                assertEquals("nio", process.engine());
                assertTrue(process.allocatedBytes() > 0);
            }
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
    void pageThatIsNotThereIsAFailureOfTheLoad() {
        assumeTrue(canTakePart(SiteServer.NGINX, SiteMode.PLAIN) && CProgram.COMPILER.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(SiteServer.NGINX, SiteMode.PLAIN)) {
            assertThrows(IOException.class, () -> Load.run(process, "/nothing", new Load.Plan(1, 0, 0.1)));
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
