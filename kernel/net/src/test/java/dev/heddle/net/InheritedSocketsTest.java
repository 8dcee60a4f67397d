package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.NioEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the environment tells of sockets, each of which is taken once; real ones are in the suites of engines. */
final class InheritedSocketsTest {

    private static final long PID = 7;

    private static List<String> names(String... pairs) {
        var environment = new HashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return InheritedSockets.of(environment, PID).names();
    }

    private static String refusal(String... pairs) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> names(pairs)).getMessage());
    }

    @Test
    void noneWithoutTheVariablesOrForAnotherProcess() {
        assertEquals(List.of(), names());
        assertEquals(List.of(), names("LISTEN_FDS", "2"));
        assertEquals(List.of(), names("LISTEN_PID", "7"));
        assertEquals(List.of(), names("LISTEN_FDS", "2", "LISTEN_PID", "8"), "a parent's");
        assertEquals(List.of(), names("LISTEN_FDS", "0", "LISTEN_PID", "7"));
    }

    @Test
    void namesAreThoseOfTheUnits() {
        assertEquals(List.of("a", "b", "a"),
                names("LISTEN_FDS", "3", "LISTEN_PID", "7", "LISTEN_FDNAMES", "a:b:a"));
        assertEquals(List.of("unknown", "unknown"), names("LISTEN_FDS", "2", "LISTEN_PID", "7"));
        assertEquals(List.of("", ""), names("LISTEN_FDS", "2", "LISTEN_PID", "7", "LISTEN_FDNAMES", ":"));
    }

    @Test
    void badVariablesAreRefusedByName() {
        assertTrue(refusal("LISTEN_FDS", "2", "LISTEN_PID", "x").startsWith("LISTEN_PID is \"x\""));
        assertTrue(refusal("LISTEN_FDS", "-1", "LISTEN_PID", "7").startsWith("LISTEN_FDS is \"-1\""));
        assertTrue(refusal("LISTEN_FDS", "1025", "LISTEN_PID", "7").contains("0 to 1024"));
        assertTrue(refusal("LISTEN_FDS", "99999999999", "LISTEN_PID", "7").contains("0 to 1024"));
        assertEquals("LISTEN_FDNAMES has 1 names, LISTEN_FDS is 2",
                refusal("LISTEN_FDS", "2", "LISTEN_PID", "7", "LISTEN_FDNAMES", "a"));
    }

    @Test
    void engineThatCannotTakeThemSaysWhatToDo() {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            InheritedSockets sockets = InheritedSockets.of(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "7"), PID);
            var e = assertThrows(ListenFailedException.class, () -> sockets.take("unknown"));
            assertTrue(String.valueOf(e.getMessage()).contains("heddle-linux"), e::getMessage);
        });
    }

    @Test
    void eachIsTakenOnceAndTheRestIsClosed() {
        Heddle.run(() -> {
            List<ScriptedAcceptor> acceptors = List.of(
                    new ScriptedAcceptor(), new ScriptedAcceptor(), new ScriptedAcceptor());
            var all = new ArrayList<InheritedSockets.Socket>();
            for (ScriptedAcceptor acceptor : acceptors) {
                all.add(new InheritedSockets.Socket(all.size() < 2 ? "a" : "b", () -> acceptor));
            }
            try (var sockets = new InheritedSockets(all)) {
                assertTrue(sockets.take("c").isEmpty());
                assertSame(acceptors.get(0), sockets.take("a").orElseThrow().acceptor());
                assertEquals(List.of("a", "b"), sockets.names());
                assertSame(acceptors.get(1), sockets.takeNext().orElseThrow().acceptor());
                assertTrue(sockets.take("a").isEmpty());
            }
            assertFalse(acceptors.get(0).isClosed());
            assertTrue(acceptors.get(2).isClosed(), "connections to it would wait for ever");
        });
    }

    @Test
    void oneThatCannotBeOpenedIsToldByName() {
        var sockets = new InheritedSockets(List.of(new InheritedSockets.Socket("web", () -> {
            throw new IOException("descriptor 3 is no socket");
        })));
        var e = assertThrows(ListenFailedException.class, () -> sockets.take("web"));
        assertEquals("cannot listen on the inherited socket \"web\": descriptor 3 is no socket", e.getMessage());
        sockets.close();
    }
}
