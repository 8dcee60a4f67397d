package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Config.ResolverChoice;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.internal.sight.Parts;
import dev.heddle.net.internal.HttpsRecords;
import java.io.BufferedReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

    private SystemNames names() {
        return new SystemNames(etc, etc.resolve("hostname"));
    }

    private static void assertOwn(SystemNames.State state) {
        assertEquals("", state.reason());
        assertTrue(state.serves("db.example."));
    }

    private static void assertSystems(String reason, SystemNames.State state) {
        assertTrue(state.reason().contains(reason), state.reason());
        assertFalse(state.serves("db.example"));
    }

    @Test
    void filesAreFollowedAndReadSeldom() throws Exception {
        write("nameserver 10.0.0.2", "192.0.2.7 db", "hosts: files dns");
        Heddle.run(ManualEngine.config(), () -> {
            var names = names();
            SystemNames.State first = names.current();
            assertOwn(first);
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
        Heddle.run(() -> assertSystems("hosts: files mdns4_minimal", names().current()));
        write("nameserver 10.0.0.2\nsortlist 10.0.0.0", "", "hosts: files dns");
        Heddle.run(() -> assertSystems("sortlist", names().current()));
    }

    @Test
    void systemWithoutFilesAsksItself() {
        Heddle.run(() -> {
            SystemNames.State state = names().current();
            assertOwn(state);
            assertEquals(InetAddress.ofLiteral("127.0.0.1"),
                    state.resolver().options().servers().getFirst().getAddress());
        });
    }

    @Test
    void fileThatCannotBeReadIsTheSystemsAffair() throws Exception {
        Files.createDirectory(etc.resolve("hosts"));
        Heddle.run(() -> {
            SystemNames.State state = names().current();
            assertSystems("cannot be read", state);
            assertFalse(state.serves("localhost"));
        });
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
    void httpsRecordsAreAskedOfWhoeverFindsTheAddresses() {
        HttpsRecords.Source source = HttpsRecords.source();
        Heddle.run(Config.DEFAULT.withResolver(ResolverChoice.OWN), () -> {
            assertTrue(source.about("h.example.", 443).isPresent());
            for (String host : List.of("localhost", "192.0.2.1", "2001:db8::1")) {
                assertTrue(source.about(host, 443).isEmpty(), host);
            }
        });
        Heddle.run(Config.DEFAULT.withResolver(ResolverChoice.SYSTEM),
                () -> assertTrue(source.about("h.example.", 443).isEmpty()));
        Heddle.run(ManualEngine.config(), () -> assertTrue(source.about("h.example.", 443).isEmpty()));
    }

    @Test
    void namesOfThisMachineNeverLeaveIt() throws Exception {
        write("nameserver 10.0.0.2", "192.0.2.7 app.localhost", "hosts: files mdns4 dns");
        Heddle.run(() -> {
            SystemNames.State state = names().current();
            assertTrue(state.serves("localhost") && state.serves("x.localhost."));
            assertEquals(InetAddress.ofLiteral("192.0.2.7"), state.resolver().resolve("app.localhost").getFirst());
            assertTrue(state.resolver().resolve("x.localhost").getFirst().isLoopbackAddress());
        });
    }

    @Test
    void systemIsAskedForItsOwnNameWhereItAnswersByItself() throws Exception {
        write("nameserver 10.0.0.2\nsearch a.example", "", "hosts: files dns myhostname");
        Files.writeString(etc.resolve("hostname"), "vm.example\n");
        Heddle.run(() -> {
            SystemNames.State state = names().current();
            assertFalse(state.serves("vm.example") || state.serves("_gateway"));
            assertTrue(state.serves("db"));
        });
    }

    @Test
    void fileThatGrowsByNothingAndKeepsItsTimeIsSeenToChange() throws Exception {
        write("nameserver 10.0.0.2", "192.0.2.7 db", "hosts: files dns");
        var text = new WatchedText(etc.resolve("hosts"));
        assertEquals("192.0.2.7 db", text.read().orElseThrow());
        FileTime time = Files.getLastModifiedTime(etc.resolve("hosts"));
        Files.writeString(etc.resolve("hosts"), "192.0.2.8 db");
        Files.setLastModifiedTime(etc.resolve("hosts"), time);
        assertEquals("192.0.2.8 db", text.read().orElseThrow());
        Files.delete(etc.resolve("hosts"));
        assertEquals("", text.read().orElseThrow());
    }

    @Test
    void fileThatIsAsItWasIsNotReadAgain() throws Exception {
        Path file = etc.resolve("hosts");
        Files.writeString(file, "192.0.2.7 db");
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(60));
        Files.setLastModifiedTime(file, longAgo);
        var text = new WatchedText(file);
        String first = text.read().orElseThrow();
        assertSame(first, text.read().orElseThrow());
    }

    @Test
    void choiceOfTheProgramCountsAndElseThatOfTheProperty() throws Exception {
        write("nameserver 10.0.0.2", "", "hosts: files mdns4 dns");
        Config config = Config.DEFAULT;
        Heddle.run(config, () -> {
            assertTrue(names().resolverFor("db").isEmpty());
            var names = names();
            assertTrue(names.resolverFor("db").isEmpty());
            assertEquals("the system's resolver: nsswitch.conf says hosts: files mdns4 dns", names.toString());
        });
        Heddle.run(config.withResolver(Config.ResolverChoice.OWN), () -> {
            var names = names();
            assertTrue(names.resolverFor("db").isPresent());
            assertEquals("the own resolver: the program's settings say so", names.toString());
        });
        write("nameserver 10.0.0.2", "", "hosts: files dns");
        Heddle.run(config.withResolver(Config.ResolverChoice.SYSTEM), () -> {
            var names = names();
            assertTrue(names.resolverFor("db").isEmpty());
            assertEquals("the system's resolver: the program's settings say so", names.toString());
        });
        Heddle.run(config, () -> assertTrue(names().resolverFor("db").isPresent()));
        System.setProperty("heddle.resolver", "system");
        try {
            Heddle.run(config, () -> assertTrue(names().resolverFor("db").isEmpty()));
            System.setProperty("heddle.resolver", "oracle");
            Heddle.run(config, () -> assertThrows(IllegalArgumentException.class, this::names));
            System.setProperty("heddle.resolver", "own");
            Heddle.run(() -> assertTrue(Dns.resolve("localhost").getFirst().isLoopbackAddress()));
        } finally {
            System.clearProperty("heddle.resolver");
        }
    }

    @Test
    void choiceIsToldOnceWithItsReason() throws Exception {
        write("nameserver 10.0.0.2\noptions told-once", "", "hosts: files dns");
        Logger logger = Logger.getLogger("dev.heddle.net");
        List<String> told = new CopyOnWriteArrayList<>();
        logger.setFilter(entry -> {
            told.add(entry.getLevel() + " " + entry.getMessage());
            return false;
        });
        logger.setLevel(Level.FINE);
        try {
            Heddle.run(() -> {
                var names = names();
                names.resolverFor("db");
                names.resolverFor("db2");
                names().resolverFor("db");
            });
        } finally {
            logger.setFilter(null);
            logger.setLevel(null);
        }
        assertEquals(List.of("FINE names are looked up by the system's resolver: resolv.conf says options told-once"),
                told);
    }

    @Test
    void settingsOfTheJdksResolverAreLeftToIt() throws Exception {
        write("nameserver 10.0.0.2", "", "hosts: files dns");
        System.setProperty("jdk.net.hosts.file", "/none");
        try {
            Heddle.run(() -> {
                var names = names();
                assertTrue(names.resolverFor("db").isEmpty());
                assertEquals("the system's resolver: jdk.net.hosts.file is set", names.toString());
            });
        } finally {
            System.clearProperty("jdk.net.hosts.file");
        }
    }

    /** The tool leaves IPv6 out where the machine has none. */
    private static Set<String> ofGetent(String name) throws Exception {
        Process process = new ProcessBuilder("getent", "ahostsv4", name).start();
        try (BufferedReader lines = process.inputReader()) {
            return lines.lines().map(line -> line.substring(0, line.indexOf(' '))).collect(Collectors.toSet());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void namesOfTheRealHostsFileHaveTheAddressesThatTheSystemSays() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/getent")), "there is no getent");
        Path real = Path.of("/etc");
        Heddle.run(() -> {
            SystemNames.State state = new SystemNames(real, Path.of("/proc/sys/kernel/hostname")).current();
            for (String name : state.resolver().options().hosts().keySet().stream().limit(5).toList()) {
                Set<String> own = state.resolver().resolve(name).stream()
                        .filter(Inet4Address.class::isInstance)
                        .map(InetAddress::getHostAddress)
                        .collect(Collectors.toSet());
                assertEquals(Heddle.offload(() -> ofGetent(name)), own, name);
            }
        });
    }

    @Test
    void choiceIsSeenAmongThePartsOfTheProgram() {
        Heddle.run(() -> {
            assertTrue(Dns.resolve("localhost").getFirst().isLoopbackAddress());
            assertTrue(Parts.all().stream().anyMatch(part -> part.type().equals("resolver")));
        });
    }
}
