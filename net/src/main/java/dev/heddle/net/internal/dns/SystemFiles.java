package dev.heddle.net.internal.dns;

import dev.heddle.net.ResolverOptions;
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

/**
 * The files by which a system says how names are looked up: {@code resolv.conf(5)}, {@code hosts(5)}, {@code
 * nsswitch.conf(5)}. What stands there and is not known here is left to the system's own resolver: so nobody gets
 * another answer than he has told the system to give.
 */
public final class SystemFiles {

    private static final int LEGACY_MAX_SERVERS = 3;
    private static final InetAddress OWN_SERVER = InetAddress.ofLiteral("127.0.0.1");

    /** Options that change nothing here, or nothing that can be seen. */
    private static final Set<String> IDLE_OPTIONS = Set.of("edns0", "trust-ad", "single-request",
            "single-request-reopen", "no-check-names", "no-reload", "inet6");

    private SystemFiles() {}

    /** Whether the files and DNS, in this order, are all that names are looked up in; so it is without the file. */
    public static boolean asksFilesAndDnsOnly(String nsswitch) {
        for (String line : lines(nsswitch)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals("hosts")) {
                return List.of(words(line.substring(colon + 1))).equals(List.of("files", "dns"));
            }
        }
        return true;
    }

    /**
     * The options that {@code resolv.conf} and {@code hosts} say; empty if they say something that is not known here.
     *
     * @param resolvConf the text of the file, or nothing if there is none
     * @param hosts the same
     */
    public static Optional<ResolverOptions> options(String resolvConf, String hosts) {
        ResolvConf file = read(resolvConf);
        return file.known ? Optional.of(file.options(hosts(hosts))) : Optional.empty();
    }

    /** The same for who wants no other resolver: what is not known is passed over. */
    public static ResolverOptions optionsThatAreKnown(String resolvConf, String hosts) {
        return read(resolvConf).options(hosts(hosts));
    }

    private static ResolvConf read(String resolvConf) {
        var file = new ResolvConf();
        for (String line : lines(resolvConf)) {
            file.read(words(line));
        }
        return file;
    }

    /** Names with their addresses, in the order of the lines. */
    static Map<String, List<InetAddress>> hosts(String text) {
        Map<String, List<InetAddress>> hosts = new LinkedHashMap<>();
        for (String line : lines(text)) {
            String[] words = words(line);
            Optional<InetAddress> address = literal(words[0]);
            for (int i = 1; i < words.length && address.isPresent(); i++) {
                List<InetAddress> of = hosts.computeIfAbsent(plain(words[i]), _ -> new ArrayList<>(1));
                if (!of.contains(address.get())) {
                    of.add(address.get());
                }
            }
        }
        return hosts;
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

    /** In lower case, without a dot at the end. */
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
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
        private boolean known = true;

        void read(String[] words) {
            if (words[0].startsWith(";")) {
                return;
            }
            switch (words[0]) {
                case "nameserver" -> readServer(words);
                case "domain", "search" -> search = domains(words);
                case "options" -> {
                    for (int i = 1; i < words.length; i++) {
                        readOption(words[i]);
                    }
                }
                default -> known = false;
            }
        }

        private void readServer(String[] words) {
            Optional<InetAddress> address = words.length < 2 ? Optional.empty() : literal(words[1]);
            if (address.isEmpty()) {
                known = false;
            } else if (servers.size() < LEGACY_MAX_SERVERS) { // the system looks at no more either
                servers.add(new InetSocketAddress(address.get(), ResolverOptions.PORT));
            }
        }

        private List<String> domains(String[] words) {
            List<String> domains = new ArrayList<>();
            for (int i = 1; i < words.length && domains.size() < ResolverOptions.MAX_SEARCH; i++) {
                String domain = plain(words[i]);
                if (!domain.isEmpty()) {
                    domains.add(domain);
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
                    default -> known &= IDLE_OPTIONS.contains(option);
                }
            }
        }

        private void readNumber(String name, String digits) {
            if (!digits.matches("[0-9]{1,4}")) {
                known = false;
                return;
            }
            int number = Integer.parseInt(digits);
            switch (name) {
                case "ndots" -> ndots = Math.min(number, 15);
                case "timeout" -> timeoutSeconds = Math.clamp(number, 1, (int) ResolverOptions.MAX_TIMEOUT.toSeconds());
                case "attempts" -> attempts = Math.clamp(number, 1, ResolverOptions.MAX_ATTEMPTS);
                default -> known = false;
            }
        }

        ResolverOptions options(Map<String, List<InetAddress>> hosts) {
            List<InetSocketAddress> all = servers.isEmpty()
                    ? List.of(new InetSocketAddress(OWN_SERVER, ResolverOptions.PORT))
                    : servers;
            return new ResolverOptions(all, search, ndots, Duration.ofSeconds(timeoutSeconds), attempts, rotate, tcp,
                    ipv6, hosts);
        }
    }
}
