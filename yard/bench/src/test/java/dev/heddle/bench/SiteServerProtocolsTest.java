package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same of HTTP/2 and WebSockets. A class of its own, so that it runs beside that one. */
@Tag("night")
final class SiteServerProtocolsTest {

    static List<SiteServer> serversOfHttp2() {
        return SiteServer.all(SiteMode.HTTP_2);
    }

    @ParameterizedTest
    @MethodSource("serversOfHttp2")
    void whoTakesPartInHttp2SpeaksIt(SiteServer server) throws Exception {
        assumeTrue(SiteServerTest.canTakePart(server, SiteMode.HTTP_2));
        try (SiteProcess process = SiteProcess.start(server, SiteMode.HTTP_2)) {
            assertTrue(SiteProbe.speaksHttp2(process));
        }
    }

    @Test
    void loadByHttp2Counts() throws Exception {
        assumeTrue(
                SiteServerTest.canTakePart(SiteServer.NGINX, SiteMode.HTTP_2) && H2Load.NEED.isThere().getAsBoolean());
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
        assumeTrue(
                SiteServerTest.canTakePart(server, SiteMode.WEB_SOCKET) && CProgram.COMPILER.isThere().getAsBoolean());
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
        assumeTrue(SiteServerTest.canTakePart(SiteServer.HEDDLE_NIO, SiteMode.WEB_SOCKET));
        assumeTrue(CProgram.COMPILER.isThere().getAsBoolean());
        try (SiteProcess process = SiteProcess.start(SiteServer.HEDDLE_NIO, SiteMode.WEB_SOCKET)) {
            var plan = new Load.Plan(1, 1, 0.5);
            assertThrows(IOException.class, () -> Load.runWebSockets(process, Site.TEXT_PATH, true, plan));
        }
    }
}
