package dev.heddle.http.client;

import dev.heddle.Task;
import dev.heddle.http.internal.client.call.ClientCookies;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.internal.AsksSystem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A jar of the cookies that servers have set, and which of them go where (RFC 6265bis).
 *
 * <pre>{@code
 * var jar = CookieJar.create();
 * var http = HttpClient.builder().cookies(jar).build();
 * http.request("POST", "https://shop.example/login").body(form).send().expectSuccess().close();
 * http.get("https://shop.example/orders").text();                  // sends what the login set
 * Files.writeString(file, jar.save());
 * }</pre>
 *
 * <p>A cookie goes back to the host that set it, or to all hosts of its domain if it names one that is no {@link
 * PublicSuffixes public suffix}; only below its path, only by https if it is secure. Names that begin with {@code
 * __Secure-} and {@code __Host-} are held to what they promise. {@code SameSite} says nothing to a client, which has no
 * site, but {@code None} must be secure; {@code HttpOnly} is kept and means nothing here. What breaks a rule is dropped
 * without an error, as browsers do.
 *
 * <p>Kept are at most {@value #MAX_COOKIES} cookies, {@value #MAX_PER_DOMAIN} for one domain, of {@value #MAX_BYTES}
 * bytes each, for 400 days at most; beyond that, expired ones go first and then the one that was not used for the
 * longest time.
 *
 * <p>Threads: any; clients of several loops may share one. No method waits. To test code that uses one, fill it by
 * {@link #add}.
 */
@AsksSystem("threads that are no tasks call it too")
public final class CookieJar {

    /** Most cookies. */
    public static final int MAX_COOKIES = 3_000;

    /** Most cookies with the same domain. */
    public static final int MAX_PER_DOMAIN = 50;

    /** Most bytes of a name and value together. */
    public static final int MAX_BYTES = 4_096;

    private final PublicSuffixes suffixes;

    /** Domain, then path, name and whether the host is meant alone. */
    private final Map<String, Map<JarCookie.Key, JarCookie>> domains = new HashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private int size;
    private long uses;

    private CookieJar(PublicSuffixes suffixes) {
        this.suffixes = Objects.requireNonNull(suffixes);
    }

    /** An empty jar with the public suffixes of the JDK, as {@link PublicSuffixes#installed()}. */
    public static CookieJar create() {
        return create(PublicSuffixes.installed());
    }

    /** An empty jar with another list of public suffixes. */
    public static CookieJar create(PublicSuffixes suffixes) {
        return new CookieJar(suffixes);
    }

    /**
     * Takes a cookie as if the server of this URL had sent it.
     *
     * @param url an http or https URL
     * @param setCookie the value of a Set-Cookie field, such as {@code id=1; Path=/; Secure}
     * @return whether it was taken; one that deletes another counts as taken
     * @throws IllegalArgumentException if the URL is not valid
     */
    public boolean add(String url, String setCookie) {
        return add(ClientUrl.parse(url), setCookie);
    }

    /**
     * The cookies that a request to this URL carries, as the value of its Cookie field; empty if there are none.
     *
     * @throws IllegalArgumentException if the URL is not valid
     */
    public String header(String url) {
        return header(ClientUrl.parse(url));
    }

    /**
     * The value of the cookie of this name that a request to this URL carries; the one with the longest path if there
     * are several.
     */
    public Optional<String> get(String url, String name) {
        return matching(ClientUrl.parse(url)).stream()
                .filter(cookie -> cookie.name().equals(name))
                .map(JarCookie::value)
                .findFirst();
    }

    /** How many cookies there are, expired ones not counted. */
    public int size() {
        lock.lock();
        try {
            dropExpired(now());
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all. */
    public void clear() {
        lock.lock();
        try {
            domains.clear();
            size = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * All cookies as text, session cookies too, to be read by {@link #load}. It is as secret as they are.
     */
    public String save() {
        lock.lock();
        try {
            dropExpired(now());
            List<JarCookie> all = new ArrayList<>();
            domains.values().forEach(each -> all.addAll(each.values()));
            all.sort(Comparator.comparingLong(JarCookie::created));
            return JarText.write(all);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds cookies that {@link #save()} wrote; those that have expired since, or break a rule, are left out.
     *
     * @throws IllegalArgumentException if the text is no saved jar, saying which line is wrong; nothing was added then
     */
    public void load(String text) {
        // Outside of the lock, since the suffixes may be code of users.
        List<JarCookie> all = JarText.read(text).stream()
                .filter(cookie -> cookie.hostOnly() || JarRules.mayBeShared(cookie.domain(), suffixes))
                .toList();
        lock.lock();
        try {
            Instant now = now();
            for (JarCookie cookie : all) {
                if (!cookie.isExpired(now)) {
                    put(cookie.numbered(++uses, uses), now);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- for the client ----

    /** The jar as calls see it. */
    ClientCookies cookies() {
        return new ClientCookies() {
            @Override
            public String header(ClientUrl url) {
                return CookieJar.this.header(url);
            }

            @Override
            public void store(ClientUrl url, List<String> setCookies) {
                CookieJar.this.store(url, setCookies);
            }
        };
    }

    void store(ClientUrl url, List<String> setCookies) {
        for (String each : setCookies) {
            add(url, each);
        }
    }

    /** The value of the Cookie field; empty if there is nothing to send. */
    String header(ClientUrl url) {
        var line = new StringBuilder();
        for (JarCookie cookie : matching(url)) {
            line.append(line.isEmpty() ? "" : "; ").append(cookie.pair());
        }
        return line.toString();
    }

    private boolean add(ClientUrl url, String setCookie) {
        Instant now = now();
        JarCookie cookie = JarRules.read(url, setCookie, suffixes, now);
        if (cookie == null) {
            return false;
        }
        lock.lock();
        try {
            if (!url.origin().tls() && hidesSecure(cookie)) {
                return false;
            }
            if (cookie.isExpired(now)) {
                remove(cookie);
            } else {
                put(cookie.numbered(++uses, uses), now);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** In the order of the Cookie field: longer paths first, then older ones (section 5.8.3). */
    private List<JarCookie> matching(ClientUrl url) {
        List<JarCookie> found = new ArrayList<>();
        String host = url.origin().host();
        lock.lock();
        try {
            Instant now = now();
            String domain = host;
            while (true) {
                collect(domain, url, now, found);
                int dot = domain.indexOf('.');
                if (dot < 0 || IpAddresses.parse(host) != null) {
                    break;
                }
                domain = domain.substring(dot + 1);
            }
        } finally {
            lock.unlock();
        }
        found.sort(Comparator.comparingInt((JarCookie cookie) -> -cookie.path().length())
                .thenComparingLong(JarCookie::created));
        return found;
    }

    private void collect(String domain, ClientUrl url, Instant now, List<JarCookie> found) {
        Map<JarCookie.Key, JarCookie> here = domains.get(domain);
        if (here == null) {
            return;
        }
        boolean sameHost = domain.equals(url.origin().host());
        for (Map.Entry<JarCookie.Key, JarCookie> each : here.entrySet()) {
            JarCookie cookie = each.getValue();
            if ((sameHost || !cookie.hostOnly())
                    && (url.origin().tls() || !cookie.secure())
                    && !cookie.isExpired(now)
                    && JarRules.pathMatches(url.path(), cookie.path())) {
                each.setValue(cookie.numbered(cookie.created(), ++uses));
                found.add(cookie);
            }
        }
    }

    /**
     * Whether a cookie from an unprotected connection would take the place of, or come before, a secure one (section
     * 5.7.3.16).
     */
    private boolean hidesSecure(JarCookie cookie) {
        for (Map.Entry<String, Map<JarCookie.Key, JarCookie>> each : domains.entrySet()) {
            if (JarRules.domainMatches(each.getKey(), cookie.domain())
                    || JarRules.domainMatches(cookie.domain(), each.getKey())) {
                for (JarCookie other : each.getValue().values()) {
                    if (other.secure() && other.name().equals(cookie.name())
                            && JarRules.pathMatches(cookie.path(), other.path())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void put(JarCookie cookie, Instant now) {
        Map<JarCookie.Key, JarCookie> here = domains.computeIfAbsent(cookie.domain(), d -> new HashMap<>());
        JarCookie old = here.get(cookie.key());
        if (old != null) {
            // One that is set anew keeps its place in the order.
            here.put(cookie.key(), cookie.numbered(old.created(), cookie.lastUse()));
            return;
        }
        here.put(cookie.key(), cookie);
        size++;
        if (here.size() > MAX_PER_DOMAIN || size > MAX_COOKIES) {
            dropExpired(now);
        }
        if (here.size() > MAX_PER_DOMAIN) {
            remove(longestUnused(here.values()));
        }
        if (size > MAX_COOKIES) {
            JarCookie victim = null;
            for (Map<JarCookie.Key, JarCookie> each : domains.values()) {
                JarCookie oldest = longestUnused(each.values());
                if (victim == null || oldest.lastUse() < victim.lastUse()) {
                    victim = oldest;
                }
            }
            remove(Objects.requireNonNull(victim));
        }
    }

    /** Of some cookies, which are not none. */
    private static JarCookie longestUnused(Iterable<JarCookie> cookies) {
        JarCookie oldest = null;
        for (JarCookie each : cookies) {
            if (oldest == null || each.lastUse() < oldest.lastUse()) {
                oldest = each;
            }
        }
        return Objects.requireNonNull(oldest);
    }

    private void remove(JarCookie cookie) {
        Map<JarCookie.Key, JarCookie> here = domains.get(cookie.domain());
        if (here != null && here.remove(cookie.key()) != null) {
            size--;
            if (here.isEmpty()) {
                domains.remove(cookie.domain());
            }
        }
    }

    private void dropExpired(Instant now) {
        for (Iterator<Map<JarCookie.Key, JarCookie>> all = domains.values().iterator(); all.hasNext();) {
            Map<JarCookie.Key, JarCookie> here = all.next();
            int before = here.size();
            here.values().removeIf(cookie -> cookie.isExpired(now));
            size -= before - here.size();
            if (here.isEmpty()) {
                all.remove();
            }
        }
    }

    /** The wall clock of the loop, which a simulation makes up; elsewhere that of the system. */
    static Instant now() {
        Task<?> task = Task.ofThread(Thread.currentThread()).orElse(null);
        return task == null ? Instant.now() : task.loop().engine().now();
    }

    /** How many cookies; no names and values, since those are secret. */
    @Override
    public String toString() {
        return "CookieJar[" + size() + " cookies]";
    }
}
