package dev.heddle.net.internal.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.net.ResolverOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The system's files are read as its own resolver reads them, and what is not known is left to it. */
final class SystemFilesTest {

    private static ResolverOptions options(String resolvConf) {
        return SystemFiles.options(resolvConf, "").orElseThrow();
    }

    private static void leftToTheSystem(String resolvConf) {
        assertEquals(Optional.empty(), SystemFiles.options(resolvConf, ""), resolvConf);
    }

    @Test
    void serversDomainsAndOptionsAreRead() {
        ResolverOptions options = options("""
                # a comment
                ; another
                nameserver 10.0.0.2   # the first
                nameserver 2001:db8::53
                search  Corp.example. two.example
                options ndots:5 timeout:3 attempts:4 rotate edns0 trust-ad
                """);
        assertEquals(List.of(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 53),
                new InetSocketAddress(InetAddress.ofLiteral("2001:db8::53"), 53)), options.servers());
        assertEquals(List.of("corp.example", "two.example"), options.search());
        assertEquals(5, options.ndots());
        assertEquals(Duration.ofSeconds(3), options.timeout());
        assertEquals(4, options.attempts());
        assertTrue(options.rotate());
        assertTrue(options.ipv6());
        assertFalse(options.tcp());
    }

    @Test
    void emptyFileMeansAServerOnThisMachine() {
        ResolverOptions options = options("");
        assertEquals(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53)), options.servers());
        assertEquals(1, options.ndots());
        assertEquals(Duration.ofSeconds(5), options.timeout());
        assertEquals(2, options.attempts());
    }

    @Test
    void valuesBeyondTheBoundsAreBoundedAndTheLastDomainsCount() {
        ResolverOptions options = options("""
                search one.example
                domain two.example
                options ndots:99 timeout:999 attempts:99 use-vc no-aaaa
                nameserver 10.0.0.1
                nameserver 10.0.0.2
                nameserver 10.0.0.3
                nameserver 10.0.0.4
                """);
        assertEquals(15, options.ndots());
        assertEquals(ResolverOptions.MAX_TIMEOUT, options.timeout());
        assertEquals(ResolverOptions.MAX_ATTEMPTS, options.attempts());
        assertEquals(3, options.servers().size());
        assertEquals(List.of("two.example"), options.search());
        assertTrue(options.tcp());
        assertFalse(options.ipv6());
    }

    @Test
    void whatIsNotKnownIsLeftToTheSystem() {
        leftToTheSystem("sortlist 130.155.160.0/255.255.240.0");
        leftToTheSystem("options of-tomorrow");
        leftToTheSystem("options shape:2");
        leftToTheSystem("options ndots:many");
        leftToTheSystem("nameserver ns.example");
        leftToTheSystem("nameserver");
    }

    @Test
    void namesOfTheHostsFileKeepTheOrderOfItsLines() {
        Map<String, List<InetAddress>> hosts = SystemFiles.hosts("""
                127.0.0.1 localhost
                ::1\tlocalhost ip6-localhost   # loopback
                127.0.0.1 LOCALHOST
                no.address name
                192.0.2.1
                192.0.2.7  Db.example. db
                """);
        assertEquals(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")), hosts.get("localhost"));
        assertEquals(List.of(InetAddress.ofLiteral("192.0.2.7")), hosts.get("db.example"));
        assertFalse(hosts.containsKey("name"));
    }

    @Test
    void moreThanFilesAndDnsIsTheSystemsAffair() {
        assertTrue(SystemFiles.asksFilesAndDnsOnly("passwd: files ldap\nhosts:\t files  dns # as usual\n"));
        assertTrue(SystemFiles.asksFilesAndDnsOnly(""));
        for (String more : List.of("files mdns4_minimal [NOTFOUND=return] dns", "files resolve", "dns files", "files",
                "files dns myhostname", "files dns ldap", "")) {
            assertFalse(SystemFiles.asksFilesAndDnsOnly("hosts: " + more), more);
        }
    }
}
