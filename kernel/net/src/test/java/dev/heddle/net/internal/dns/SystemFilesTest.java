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
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The system's files are read as its own resolver reads them, and what is not known is left to it. */
final class SystemFilesTest {

    private static SystemFiles.Reading read(String resolvConf, String nsswitch, String hostConf, String hostName) {
        return SystemFiles.read(new SystemFiles.Texts(resolvConf, "", nsswitch, hostConf, hostName));
    }

    private static ResolverOptions options(String resolvConf) {
        SystemFiles.Reading reading = read(resolvConf, "", "", "vm");
        assertEquals("", reading.unknown(), resolvConf);
        return reading.options();
    }

    private static void leftToTheSystem(String resolvConf) {
        String unknown = read(resolvConf, "", "", "vm").unknown();
        assertTrue(unknown.startsWith("resolv.conf "), resolvConf + ": " + unknown);
    }

    private static String unknownOfNsswitch(String nsswitch) {
        return read("", nsswitch, "", "vm").unknown();
    }

    @Test
    void namesAreReadAsThoseOfTheOptionsAndThoseThatAreNoneArePassedOver() {
        assertEquals(List.of("xn--bcher-kva.example", "a.example"),
                options("search B\u00fccher.example a.example. .").search());
        leftToTheSystem("search a..example");
        leftToTheSystem("search 127.0.0.1");
        String hosts = "10.0.0.1 B\u00fccher.example. a..b x\\y 10.0.0.9 ok\n";
        assertEquals(Set.of("xn--bcher-kva.example", "ok"), SystemFiles.hosts(hosts, true).keySet());
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
        assertTrue(options.edns());
        assertFalse(options("nameserver 10.0.0.2").edns(), "some servers are silent then, and nobody asked for it");
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
        leftToTheSystem("search one.example # two.example");
        leftToTheSystem(" nameserver 10.0.0.2");
        leftToTheSystem("search" + " d.example".repeat(ResolverOptions.MAX_SEARCH + 1));
        assertEquals("resolv.conf says options of-tomorrow",
                read("options ndots:2 of-tomorrow", "", "", "vm").unknown());
    }

    @Test
    void stubOfSystemdIsAServerAsOthers() {
        ResolverOptions options = options("""
                nameserver 127.0.0.53
                options edns0 trust-ad
                search .
                """);
        assertEquals(InetAddress.ofLiteral("127.0.0.53"), options.servers().getFirst().getAddress());
        assertEquals(List.of(), options.search());
    }

    @Test
    void lineWithoutDomainsChangesNothing() {
        assertEquals(List.of("one.example"), options("search one.example\nsearch\ndomain").search());
    }

    @Test
    void domainOfThisMachinesNameIsSearchedByTheSystemOnly() {
        assertTrue(read("nameserver 10.0.0.2", "", "", "vm.example").unknown().contains("names no domain"));
        assertEquals("", read("search .", "", "", "vm.example").unknown());
    }

    @Test
    void hostConfSaysWhichLinesCount() {
        assertEquals("", read("", "", "multi on\norder hosts,bind\nreorder off", "vm").unknown());
        assertEquals("host.conf says trim .example", read("", "", "multi on\ntrim .example", "vm").unknown());
        assertEquals("host.conf says reorder on", read("", "", "reorder on", "vm").unknown());
        String text = "192.0.2.1 db\n2001:db8::1 db\n192.0.2.2 db\n";
        assertEquals(3, SystemFiles.hosts(text, true).get("db").size());
        assertEquals(List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")),
                SystemFiles.hosts(text, false).get("db"));
    }

    @Test
    void whoIsTheLoopbackOfIpv6IsReachedByIpv4Too() {
        assertEquals(List.of(InetAddress.ofLiteral("::1"), InetAddress.ofLiteral("127.0.0.1")),
                SystemFiles.hosts("::1 localhost", true).get("localhost"));
    }

    @Test
    void namesThatTheSystemKnowsByItselfAreItsAffair() {
        SystemFiles.Reading reading = read("search a.example", "hosts: files myhostname dns", "", "Vm");
        assertEquals("", reading.unknown());
        for (String name : List.of("vm", "_gateway", "gateway", "x.localhost.localdomain")) {
            assertTrue(reading.isOwn(name), name);
        }
        assertFalse(reading.isOwn("db"));
        assertFalse(read("", "", "", "vm").isOwn("vm"), "only who asks for them");
        assertTrue(read("", "hosts: files dns myhostname", "", "").unknown().contains("name of this machine"));
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
                192.2 short
                """, true);
        assertEquals(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")), hosts.get("localhost"));
        assertEquals(List.of(InetAddress.ofLiteral("192.0.2.7")), hosts.get("db.example"));
        assertFalse(hosts.containsKey("name"));
        assertFalse(hosts.containsKey("short"), "the system knows one form here");
    }

    @Test
    void moreThanFilesAndDnsIsTheSystemsAffair() {
        assertEquals("", unknownOfNsswitch("passwd: files ldap\nhosts:\t files  dns # as usual\n"));
        assertEquals("", unknownOfNsswitch(""));
        assertEquals("", unknownOfNsswitch("hosts: files dns myhostname"));
        for (String more : List.of("files mdns4_minimal [NOTFOUND=return] dns", "files resolve", "dns files", "files",
                "files dns ldap", "files mymachines dns", "files [SUCCESS=continue] dns", "")) {
            assertEquals("nsswitch.conf says hosts: " + more, unknownOfNsswitch("hosts: " + more));
        }
    }
}
