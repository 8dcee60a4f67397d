package dev.heddle.http.client;

import dev.heddle.http.internal.client.call.SecureHosts;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.IpAddresses;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that have asked to be reached by https only (HSTS, RFC 6797).
 *
 * <pre>{@code
 * var hosts = HstsHosts.create();
 * hosts.add("https://bank.example/", "max-age=31536000; includeSubDomains");    // known before the first visit
 * var http = HttpClient.builder().hsts(hosts).build();
 * http.get("http://bank.example/").text();                                      // asks https://bank.example/
 * Files.writeString(file, hosts.save());
 * }</pre>
 *
 * <p>A host asks by the field {@code Strict-Transport-Security} of a reply that comes by https; what comes by http, or
 * from a host that is an IP address, counts for nothing, and so does a malformed field. From then on an http URL of it
 * is asked by https, port 80 becomes 443 and any other port stays; so nobody on the way can keep a visitor on http by
 * redirects or links. Credentials that a request brings go along; those of {@link HttpClient.Builder#auth} are the ones
 * for the https origin. A client whose TLS is {@linkplain dev.heddle.tls.ClientTls#insecure() insecure} learns from
 * whoever answers: give it hosts of its own.
 *
 * <p>Kept are at most {@value #MAX_HOSTS} hosts, for two years at most; beyond that, the one that was not asked for the
 * longest time goes.
 *
 * <p>Threads: any; clients of several loops may share one. No method waits. To test code that uses one, fill it by
 * {@link #add}.
 */
public final class HstsHosts {

    /** Most hosts. */
    public static final int MAX_HOSTS = 10_000;

    private static final String FIRST_LINE = "heddle hsts 1";

    /** What a host has said: until when, and whether for the names below it too. */
    private record Entry(Instant end, boolean below) {}

    /** By name, without a dot at the end; the one that was not looked up for the longest time first. */
    private final Map<String, Entry> hosts = new LinkedHashMap<>(16, 0.75f, true);

    private final ReentrantLock lock = new ReentrantLock();

    private HstsHosts() {}

    /** No hosts yet. */
    public static HstsHosts create() {
        return new HstsHosts();
    }

    /**
     * Takes a field as if the server of this URL had sent it.
     *
     * @param url an https URL
     * @param field the value of a Strict-Transport-Security field, such as {@code max-age=31536000}; an age of 0
     *     forgets the host
     * @return whether it was taken; not from an http URL or an IP address, and not if it is malformed
     * @throws IllegalArgumentException if the URL is not valid
     */
    public boolean add(String url, String field) {
        return add(ClientUrl.parse(url), field);
    }

    /**
     * Whether the host of this URL is asked by https only.
     *
     * @throws IllegalArgumentException if the URL is not valid
     */
    public boolean covers(String url) {
        return covers(ClientUrl.parse(url));
    }

    /** How many hosts there are, expired ones not counted. */
    public int size() {
        lock.lock();
        try {
            dropExpired(CookieJar.now());
            return hosts.size();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all. */
    public void clear() {
        lock.lock();
        try {
            hosts.clear();
        } finally {
            lock.unlock();
        }
    }

    /** All hosts as text, to be read by {@link #load}. It tells which hosts were visited. */
    public String save() {
        var text = new StringBuilder(FIRST_LINE).append('\n');
        lock.lock();
        try {
            dropExpired(CookieJar.now());
            hosts.forEach((host, entry) -> text.append(host).append('\t')
                    .append(entry.below() ? "b" : "-").append('\t')
                    .append(entry.end()).append('\n'));
        } finally {
            lock.unlock();
        }
        return text.toString();
    }

    /**
     * Adds hosts that {@link #save()} wrote, in place of what is known of them; those that have expired since are left
     * out.
     *
     * @throws IllegalArgumentException if the text is none that was saved, saying which line is wrong; nothing was
     *     added then
     */
    public void load(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE)) {
            throw new IllegalArgumentException("no saved hosts: line 1 is not '" + FIRST_LINE + "'");
        }
        Instant now = CookieJar.now();
        Instant latest = now.plusSeconds(HstsRule.MAX_SECONDS);
        var read = new ArrayList<Map.Entry<String, Entry>>();
        for (int i = 1; i < lines.size(); i++) {
            Map.Entry<String, Entry> each = readLine(lines.get(i), latest);
            if (each == null) {
                throw new IllegalArgumentException("no saved hosts: line " + (i + 1) + " is malformed");
            }
            read.add(each);
        }
        lock.lock();
        try {
            for (Map.Entry<String, Entry> each : read) {
                if (each.getValue().end().isAfter(now)) {
                    put(each.getKey(), each.getValue());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static Map.@Nullable Entry<String, Entry> readLine(String line, Instant latest) {
        String[] parts = line.split("\t", 4);
        if (parts.length != 3 || !(parts[1].equals("b") || parts[1].equals("-"))) {
            return null;
        }
        try {
            String host = ClientUrl.parse("https://" + parts[0] + "/").origin().host();
            Instant end = Instant.parse(parts[2]);
            boolean usual = host.equals(parts[0]) && host.equals(name(host)) && IpAddresses.parse(host) == null;
            return usual ? Map.entry(host, new Entry(end.isAfter(latest) ? latest : end, parts[1].equals("b"))) : null;
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    // ---- for the client ----

    /** The hosts as calls see them. */
    SecureHosts hosts() {
        return new SecureHosts() {
            @Override
            public ClientUrl secured(ClientUrl url) {
                return HstsHosts.this.secured(url);
            }

            @Override
            public void learn(ClientUrl url, String field) {
                boolean _ = add(url, field);
            }
        };
    }

    /** The URL by https if its host is known to want that. */
    ClientUrl secured(ClientUrl url) {
        return !url.origin().tls() && covers(url) ? url.overTls() : url;
    }

    boolean add(ClientUrl url, String field) {
        String host = name(url.origin().host());
        HstsRule rule = url.origin().tls() && IpAddresses.parse(host) == null ? HstsRule.parse(field) : null;
        if (rule == null) {
            return false;
        }
        Instant end = CookieJar.now().plusSeconds(rule.seconds());
        lock.lock();
        try {
            if (rule.seconds() == 0) {
                hosts.remove(host);
            } else {
                put(host, new Entry(end, rule.below()));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The host itself, or one above it that speaks for those below (section 8.2). */
    private boolean covers(ClientUrl url) {
        String host = name(url.origin().host());
        Instant now = CookieJar.now();
        lock.lock();
        try {
            String domain = host;
            while (true) {
                Entry entry = hosts.get(domain);
                if (entry != null && entry.end().isAfter(now) && (entry.below() || domain.equals(host))) {
                    return true;
                }
                int dot = domain.indexOf('.');
                if (dot < 0) {
                    return false;
                }
                domain = domain.substring(dot + 1);
            }
        } finally {
            lock.unlock();
        }
    }

    private void put(String host, Entry entry) {
        hosts.put(host, entry);
        if (hosts.size() > MAX_HOSTS) {
            hosts.remove(hosts.keySet().iterator().next());
        }
    }

    private void dropExpired(Instant now) {
        hosts.values().removeIf(entry -> !entry.end().isAfter(now));
    }

    /** A name and the same with a dot at the end are one host. */
    private static String name(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** How many hosts; not which, since that tells where someone was. */
    @Override
    public String toString() {
        return "HstsHosts[" + size() + " hosts]";
    }
}
