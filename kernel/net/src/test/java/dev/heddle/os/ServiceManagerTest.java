package dev.heddle.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.internal.UnixDatagrams;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A service manager is told how the service is, and nothing is sent where there is none. */
final class ServiceManagerTest {

    private final List<String> sent = new ArrayList<>();
    private int full;

    private final UnixDatagrams datagrams = new UnixDatagrams() {

        @Override
        public Optional<String> whyNot() {
            return Optional.empty();
        }

        @Override
        public boolean trySend(String path, byte[] message) {
            if (full > 0) {
                full--;
                return false;
            }
            sent.add(path + " " + new String(message, StandardCharsets.UTF_8));
            return true;
        }
    };

    private ServiceManager manager(Map<String, String> environment) {
        return ServiceManager.of(environment, 7, () -> Optional.of(datagrams));
    }

    @Test
    void nothingIsSentWithoutTheVariable() {
        Heddle.run(() -> {
            ServiceManager manager = manager(Map.of("WATCHDOG_USEC", "1000"));
            manager.ready();
            manager.keepAlive();
            assertFalse(manager.isPresent());
        });
        assertEquals(List.of(), sent);
    }

    @Test
    void messageThatFindsNoRoomIsSentAgain() {
        full = 3;
        Heddle.run(() -> {
            ServiceManager manager = manager(Map.of("NOTIFY_SOCKET", "@n"));
            manager.ready();
            manager.status("42 customers");
            manager.mainProcess(9);
            manager.stopping();
        });
        assertEquals(List.of("@n READY=1", "@n STATUS=42 customers", "@n MAINPID=9", "@n STOPPING=1"), sent);
    }

    @Test
    void watchdogOfAnotherProcessIsNotPinged() {
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "2000000", "WATCHDOG_PID",
                "8");
        assertEquals(Optional.empty(), manager(environment).watchdog());
    }

    @Test
    void badVariablesAndStatusesAreNamed() {
        refused("absolute path", () -> manager(Map.of("NOTIFY_SOCKET", "n")));
        refused("WATCHDOG_USEC is \"soon\"", () -> manager(Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "soon")));
        refused("WATCHDOG_USEC is \"9223372036854775807\"",
                () -> manager(Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", Long.toString(Long.MAX_VALUE))));
        refused("WATCHDOG_PID is \"0\"", () -> manager(
                Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "1", "WATCHDOG_PID", "0")));
        refused("pid is 0", () -> manager(Map.of("NOTIFY_SOCKET", "/n")).mainProcess(0));
        refused("one line", () -> manager(Map.of("NOTIFY_SOCKET", "/n")).status("a\nMAINPID=1"));
    }

    private static void refused(String words, Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void stopIsSaidInACancelledScopeToo() {
        full = 2;
        Heddle.run(() -> Heddle.moveOnAfter(Duration.ZERO, () -> {
            try {
                Heddle.sleep(Duration.ofSeconds(1));
            } finally {
                manager(Map.of("NOTIFY_SOCKET", "@n")).stopping();
            }
        }));
        assertEquals(List.of("@n STOPPING=1"), sent);
    }

    @Test
    void managerThatNothingCanReachIsAFailure() {
        ServiceManager unreached = ServiceManager.of(Map.of("NOTIFY_SOCKET", "/n"), 7, Optional::empty);
        Heddle.run(() -> assertThrows(UnsupportedOperationException.class, unreached::ready));
    }

    @Test
    void watchdogIsPingedTwiceInEachPeriod() {
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "20000", "WATCHDOG_PID", "7");
        Heddle.run(() -> Heddle.group(group -> {
            group.spawnService(manager(environment)::keepAlive);
            while (sent.size() < 3) {
                Heddle.sleep(Duration.ofMillis(1));
            }
        }));
        assertEquals(List.of("/n WATCHDOG=1", "/n WATCHDOG=1", "/n WATCHDOG=1"), sent.subList(0, 3));
    }
}
