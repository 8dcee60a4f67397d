package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resolver of a system does as its files say, follows them, and steps back where they say more than it knows. */
final class SystemNamesTest {

    @TempDir
    private Path etc;

    private void write(String resolvConf, String hosts, String nsswitch) throws Exception {
        Files.writeString(etc.resolve("resolv.conf"), resolvConf);
        Files.writeString(etc.resolve("hosts"), hosts);
        Files.writeString(etc.resolve("nsswitch.conf"), nsswitch);
    }

    @Test
    void filesAreFollowedAndReadSeldom() throws Exception {
        write("nameserver 10.0.0.2", "192.0.2.7 db", "hosts: files dns");
        Heddle.run(ManualEngine.config(), () -> {
            var names = new SystemNames(etc);
            SystemNames.State first = names.current();
            assertTrue(first.onlyFilesAndDns());
            assertEquals(InetAddress.ofLiteral("192.0.2.7"), first.resolver().resolve("db").getFirst());

            write("nameserver 10.0.0.2", "192.0.2.8 db", "hosts: files dns");
            assertSame(first, names.current());
            Heddle.sleep(SystemNames.KEEP_FILES);
            assertEquals(InetAddress.ofLiteral("192.0.2.8"), names.current().resolver().resolve("db").getFirst());
            SystemNames.State second = names.current();
            Heddle.sleep(SystemNames.KEEP_FILES);
            assertSame(second, names.current(), "nothing has changed, so what is remembered stays");
        });
    }

    @Test
    void systemThatSaysMoreIsAsked() throws Exception {
        write("nameserver 10.0.0.2", "", "hosts: files mdns4_minimal [NOTFOUND=return] dns");
        Heddle.run(() -> assertFalse(new SystemNames(etc).current().onlyFilesAndDns()));
        write("nameserver 10.0.0.2\nsortlist 10.0.0.0", "", "hosts: files dns");
        Heddle.run(() -> assertFalse(new SystemNames(etc).current().onlyFilesAndDns()));
    }

    @Test
    void systemWithoutFilesAsksItself() {
        Heddle.run(() -> {
            SystemNames.State state = new SystemNames(etc).current();
            assertTrue(state.onlyFilesAndDns());
            assertEquals(InetAddress.ofLiteral("127.0.0.1"),
                    state.resolver().options().servers().getFirst().getAddress());
        });
    }

    @Test
    void fileThatCannotBeReadIsTheSystemsAffair() throws Exception {
        Files.createDirectory(etc.resolve("hosts"));
        Heddle.run(() -> assertFalse(new SystemNames(etc).current().onlyFilesAndDns()));
    }

    @Test
    void simulationHasNoServersOfItsOwn() {
        Heddle.run(ManualEngine.config(), () -> {
            var failure = assertThrows(ResolveException.class, () -> Dns.srv("_x._tcp.example"));
            assertTrue(failure.getMessage().contains("Resolver.of"), failure.getMessage());
            assertThrows(ResolveException.class, () -> Dns.txt("example"));
        });
    }

    @Test
    void ownResolverIsTakenWhereTheUserSaysSo() {
        System.setProperty("heddle.resolver", "own");
        try {
            Heddle.run(() -> {
                assertTrue(SystemNames.forAddresses().isPresent());
                assertTrue(Dns.resolve("localhost").getFirst().isLoopbackAddress());
                System.setProperty("heddle.resolver", "system");
                assertFalse(SystemNames.forAddresses().isPresent());
                System.setProperty("heddle.resolver", "oracle");
                assertThrows(IllegalArgumentException.class, () -> Dns.resolve("localhost"));
            });
        } finally {
            System.clearProperty("heddle.resolver");
        }
    }
}
