package dev.heddle.net.internal.dns;

import dev.heddle.net.ResolverOptions;
import dev.heddle.net.internal.HostNames;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The files by which a system says how names are looked up: {@code resolv.conf(5)}, {@code hosts(5)}, {@code
 * nsswitch.conf(5)}, {@code host.conf(5)}. What stands there and is not known here is left to the system's own resolver: so nobody gets
 * another answer than he has told the system to give.
 */
public final class SystemFiles {

    private static final int LEGACY_MAX_SERVERS = 3;
    private static final InetAddress THIS_MACHINE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK_IPV6 = InetAddress.ofLiteral("::1");
    private static final List<String> FILES_AND_DNS = List.of("files", "dns");

    /** The one form of an IPv4 address in {@code hosts}; the JDK knows more. */
    private static final Pattern DOTTED = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final Pattern MULTI = Pattern.compile("(?m)^\\s*multi\\s+on\\b");

    /** Options that change nothing here, or nothing that can be seen. */
    private static final Set<String> IDLE_OPTIONS = Set.of("trust-ad", "single-request",
            "single-request-reopen", "no-check-names", "no-reload", "inet6");

    private SystemFiles() {}

    /**
     * The files as they were read, each empty if there is none.
     *
     * @param hostName the name of this machine; empty if it is not known
     */
    public record Texts(String resolvConf, String hosts, String nsswitch, String hostConf, String hostName) {}

    /**
     * What the files say.
     *
     * @param options what is known of it; the rest is passed over
     * @param unknown what stands there first that is not known here; empty if all is
     * @param ownName the name of this machine where the system is to be asked about it; else empty
     */
    public record Reading(ResolverOptions options, String unknown, String ownName) {

        /** Whether the system knows more about a name than its files and DNS: what {@code nss-myhostname(8)} answers. */
        public boolean isOwn(String name) {
            return !ownName.isEmpty() && (name.equals(ownName) || name.startsWith("_") || name.equals("gateway")
                    || isIn("localhost.localdomain", name));
        }
    }

    /** Reads the files. */
    public static Reading read(Texts texts) {
        var file = new ResolvConf();
        texts.resolvConf().lines().forEach(file::readLine);
        file.leaveTo(hostConf(texts.hostConf()));
        if (file.search.isEmpty() && !file.searches && texts.hostName().indexOf('.') >= 0) {
            file.leaveTo("resolv.conf names no domain, and the name of this machine does");
        }
        List<String> sources = sources(texts.nsswitch());
        boolean asksForOwnName = sources.contains("myhostname");
        if (!sources.stream().filter(source -> !source.equals("myhostname")).toList().equals(FILES_AND_DNS)) {
            file.leaveTo("nsswitch.conf says hosts: " + String.join(" ", sources));
        } else if (asksForOwnName && texts.hostName().isEmpty()) {
            file.leaveTo("the name of this machine is not known");
        }
        boolean allLines = texts.hostConf().isBlank() || MULTI.matcher(texts.hostConf()).find();
        return new Reading(file.options(hosts(texts.hosts(), allLines)), file.unknown,
                asksForOwnName ? texts.hostName().toLowerCase(Locale.ROOT) : "");
    }

    /** In what names are looked up, in this order. */
    private static List<String> sources(String nsswitch) {
        for (String line : lines(nsswitch)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals("hosts")) {
                return List.of(words(line.substring(colon + 1)));
            }
        }
        return FILES_AND_DNS;
    }

    /** What stands in {@code host.conf(5)} that is not known here; empty if there is nothing. */
    private static String hostConf(String text) {
        for (String line : lines(text)) {
            String[] words = words(line);
            boolean known = words[0].equals("multi") || words[0].equals("order")
                    || (words[0].equals("reorder") && words.length == 2 && words[1].equals("off"));
            if (!known) {
                return "host.conf says " + line;
            }
        }
        return "";
    }

    /** Whether a name is that of this machine for everybody (RFC 6761 section 6.3). */
    public static boolean isLocalhost(String name) {
        return isIn("localhost", name);
    }

    /** Whether a name is that of a domain, or in it. */
    public static boolean isIn(String domain, String name) {
        return name.equals(domain) || name.endsWith("." + domain);
    }

    /**
     * Names with their addresses, in the order of the lines.
     *
     * @param allLines whether all lines of a name count; else the first of each family
     */
    static Map<String, List<InetAddress>> hosts(String text, boolean allLines) {
        Map<String, List<InetAddress>> hosts = new LinkedHashMap<>();
        for (String line : lines(text)) {
            String[] words = words(line);
            Optional<InetAddress> address = DOTTED.matcher(words[0]).matches() || words[0].indexOf(':') >= 0
                    ? literal(words[0])
                    : Optional.empty();
            for (int i = 1; i < words.length && address.isPresent(); i++) {
                Optional<String> name = HostNames.tryPlainName(words[i]);
                if (name.isEmpty()) {
                    continue; // nobody can ask for it
                }
                List<InetAddress> of = hosts.computeIfAbsent(name.get(), _ -> new ArrayList<>(1));
                if (!of.contains(address.get()) && (allLines || of.stream().noneMatch(isLike(address.get())))) {
                    of.add(address.get());
                }
            }
        }
        // As the system does: who is ::1 is also to be reached by IPv4.
        hosts.values().stream()
                .filter(of -> of.contains(LOOPBACK_IPV6) && of.stream().noneMatch(Inet4Address.class::isInstance))
                .forEach(of -> of.add(THIS_MACHINE));
        return hosts;
    }

    private static Predicate<InetAddress> isLike(InetAddress address) {
        return other -> other.getClass() == address.getClass();
    }

    /** Lines that say something, without what is behind {@code #}. */
    private static List<String> lines(String text) {
        return text.lines()
                .map(line -> line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#')))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static String[] words(String line) {
        return line.strip().split("\\s+", -1);
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What {@code resolv.conf} says, beginning with what holds without it. */
    private static final class ResolvConf {

        private final List<InetSocketAddress> servers = new ArrayList<>();
        private List<String> search = List.of();
        private int ndots = 1;
        private int timeoutSeconds = 5;
        private int attempts = 2;
        private boolean rotate;
        private boolean tcp;
        private boolean ipv6 = true;
        private boolean edns;
        private boolean searches;
        private String unknown = "";

        /** Notes the first thing that is the system's affair. */
        void leaveTo(String reason) {
            if (unknown.isEmpty()) {
                unknown = reason;
            }
        }

        void readLine(String line) {
            if (line.isBlank() || line.startsWith("#") || line.startsWith(";")) {
                return;
            }
            int comment = line.indexOf('#') < 0 ? line.indexOf(';') : line.indexOf('#');
            String text = comment < 0 ? line : line.substring(0, comment);
            if (text.isBlank() || Character.isWhitespace(line.charAt(0))
                    || (comment >= 0 && !line.startsWith("nameserver"))) {
                leaveTo("resolv.conf has a line that programs read in several ways: " + line.strip());
            }
            if (!text.isBlank()) {
                read(words(text));
            }
        }

        private void notKnown(String... words) {
            leaveTo("resolv.conf says " + String.join(" ", words));
        }

        private void read(String[] words) {
            switch (words[0]) {
                case "nameserver" -> readServer(words);
                case "domain", "search" -> {
                    if (words.length > 1) { // else the system passes over it
                        search = domains(words);
                        searches = true;
                    }
                }
                case "options" -> {
                    for (int i = 1; i < words.length; i++) {
                        readOption(words[i]);
                    }
                }
                default -> notKnown(words);
            }
        }

        private void readServer(String[] words) {
            Optional<InetAddress> address = words.length < 2 ? Optional.empty() : literal(words[1]);
            if (address.isEmpty()) {
                notKnown(words);
            } else if (servers.size() < LEGACY_MAX_SERVERS) { // the system looks at no more either
                servers.add(new InetSocketAddress(address.get(), ResolverOptions.PORT));
            }
        }

        private List<String> domains(String[] words) {
            List<String> domains = new ArrayList<>();
            if (words.length > ResolverOptions.MAX_SEARCH + 1) {
                notKnown(words[0], "with more than " + ResolverOptions.MAX_SEARCH + " domains");
            }
            for (int i = 1; i < words.length && domains.size() < ResolverOptions.MAX_SEARCH; i++) {
                Optional<String> domain = HostNames.tryPlainName(words[i]);
                if (domain.isPresent()) {
                    domains.add(domain.get());
                } else if (!words[i].equals(".")) { // the root adds nothing
                    notKnown(words[0], words[i]);
                }
            }
            return domains;
        }

        private void readOption(String option) {
            int colon = option.indexOf(':');
            if (colon > 0) {
                readNumber(option.substring(0, colon), option.substring(colon + 1));
            } else {
                switch (option) {
                    case "rotate" -> rotate = true;
                    case "use-vc" -> tcp = true;
                    case "no-aaaa" -> ipv6 = false;
                    case "edns0" -> edns = true;
                    default -> {
                        if (!IDLE_OPTIONS.contains(option)) {
                            notKnown("options", option);
                        }
                    }
                }
            }
        }

        private void readNumber(String name, String digits) {
            if (!digits.matches("[0-9]{1,4}")) {
                notKnown("options", name + ":" + digits);
                return;
            }
            int number = Integer.parseInt(digits);
            switch (name) {
                case "ndots" -> ndots = Math.min(number, 15);
                case "timeout" -> timeoutSeconds = Math.clamp(number, 1, (int) ResolverOptions.MAX_TIMEOUT.toSeconds());
                case "attempts" -> attempts = Math.clamp(number, 1, ResolverOptions.MAX_ATTEMPTS);
                default -> notKnown("options", name + ":" + digits);
            }
        }

        ResolverOptions options(Map<String, List<InetAddress>> hosts) {
            List<InetSocketAddress> all = servers.isEmpty()
                    ? List.of(new InetSocketAddress(THIS_MACHINE, ResolverOptions.PORT))
                    : servers;
            return ResolverOptions.of(all.getFirst())
                    .withServers(all)
                    .withSearch(search, ndots)
                    .withTimeout(Duration.ofSeconds(timeoutSeconds), attempts)
                    .withRotate(rotate)
                    .withTcp(tcp)
                    .withEdns(edns)
                    .withIpv6(ipv6)
                    .withHosts(hosts);
        }
    }
}
