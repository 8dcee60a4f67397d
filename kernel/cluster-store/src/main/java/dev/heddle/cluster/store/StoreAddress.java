package dev.heddle.cluster.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a store as text, as it stands in a configuration or on a command line, with what proves to the store
 * who asks.
 *
 * <pre>{@code
 * StoreEngine store = StoreAddress.of(System.getenv("STORE")).connect();
 * }</pre>
 *
 * <table>
 *   <caption>Addresses</caption>
 *   <tr><th>address</th><th>store</th><th>artifact</th></tr>
 *   <tr><td>{@code postgres://heddle@db/shop?schema=jobs}, {@code jdbc:postgresql://db/shop}</td><td>PostgreSQL</td>
 *       <td>{@code heddle-cluster-postgres}</td></tr>
 *   <tr><td>{@code sqlite:/var/lib/shop.db}</td><td>a file of SQLite</td><td>{@code heddle-cluster-sqlite}</td></tr>
 *   <tr><td>{@code https://etcd1:2379,https://etcd2:2379}</td><td>etcd</td><td>{@code heddle-cluster-etcd}</td></tr>
 *   <tr><td>{@code zk1:2181,zk2:2181}, {@code zookeeper:zk1:2181}</td><td>ZooKeeper</td>
 *       <td>{@code heddle-cluster-zookeeper}</td></tr>
 *   <tr><td>{@code memory:}</td><td>a new one in the memory of this JVM</td><td>none</td></tr>
 * </table>
 *
 * <p>The engine comes from the artifact on the class path or module path, by a {@link StoreProvider}. A user and a
 * password in the address are taken out of it, so that neither {@link #text} nor {@link #toString} shows a password.
 *
 * <p>Threads: immutable, for any.
 */
public final class StoreAddress {

    private static final String ZOOKEEPER = "zookeeper:";

    /** Which artifact has the engine, so that a missing one can be told by its name. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            "http://", "heddle-cluster-etcd", "https://", "heddle-cluster-etcd",
            "postgres://", "heddle-cluster-postgres", "postgresql://", "heddle-cluster-postgres",
            "jdbc:postgresql:", "heddle-cluster-postgres",
            "sqlite:", "heddle-cluster-sqlite", "jdbc:sqlite:", "heddle-cluster-sqlite",
            ZOOKEEPER, "heddle-cluster-zookeeper");

    /** A word and a colon, behind which no port follows. */
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:(?![0-9]).*");

    private static final Pattern USER = Pattern.compile("([A-Za-z][A-Za-z0-9+.:-]*://)([^/?#@,]*)@(.*)");

    private final String text;
    private final @Nullable String user;
    private final @Nullable String password;
    private final @Nullable Path trust;
    private final @Nullable Path certificate;
    private final @Nullable Path key;

    private StoreAddress(String text, @Nullable String user, @Nullable String password, @Nullable Path trust,
            @Nullable Path certificate, @Nullable Path key) {
        this.text = text;
        this.user = user;
        this.password = password;
        this.trust = trust;
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * An address. What is wrong with it is said by {@link #connect}.
     *
     * @throws IllegalArgumentException if it is empty, or its user or password has signs that must be percent-encoded
     */
    public static StoreAddress of(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the address of a store is empty");
        }
        if (!SCHEME.matcher(text).matches()) {
            return new StoreAddress(ZOOKEEPER + text, null, null, null, null, null);
        }
        String user = null;
        String password = null;
        String rest = text;
        Matcher named = USER.matcher(text);
        if (named.matches()) {
            String who = named.group(2);
            int colon = who.indexOf(':');
            user = decoded(colon < 0 ? who : who.substring(0, colon));
            password = colon < 0 ? null : decoded(who.substring(colon + 1));
            rest = named.group(1) + named.group(3);
        }
        boolean isUrl = rest.startsWith("jdbc:") || rest.contains("://");
        int question = isUrl ? rest.indexOf('?') : -1;
        if (question >= 0) {
            List<String> kept = new ArrayList<>();
            for (String each : rest.substring(question + 1).split("&", -1)) {
                if (each.startsWith("user=")) {
                    user = decoded(each.substring("user=".length()));
                } else if (each.startsWith("password=")) {
                    password = decoded(each.substring("password=".length()));
                } else if (!each.isEmpty()) {
                    kept.add(each);
                }
            }
            rest = rest.substring(0, question) + (kept.isEmpty() ? "" : '?' + String.join("&", kept));
        }
        if (isUrl && rest.indexOf('@') >= 0) { // perhaps behind a password, which is shown to nobody
            throw new IllegalArgumentException("a user or password in an address has %2F for /, %40 for @ and so on");
        }
        return new StoreAddress(rest, user, password, null, null, null);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The same for a user whose password, if any, the store's client finds by itself, as in {@code .pgpass}. */
    public StoreAddress withUser(String name) {
        return new StoreAddress(text, Objects.requireNonNull(name), null, trust, certificate, key);
    }

    /** The same for a user, in place of the one in the text. */
    public StoreAddress withUser(String name, String password) {
        return new StoreAddress(
                text, Objects.requireNonNull(name), Objects.requireNonNull(password), trust, certificate, key);
    }

    /** The same by TLS, with a server whose certificate one of this PEM file's has signed. */
    public StoreAddress withTrust(Path file) {
        return new StoreAddress(text, user, password, Objects.requireNonNull(file), certificate, key);
    }

    /** The same by TLS, with the client certificate and its chain in a PEM file, and its key in another or the same. */
    public StoreAddress withCertificate(Path certificate, Path key) {
        return new StoreAddress(
                text, user, password, trust, Objects.requireNonNull(certificate), Objects.requireNonNull(key));
    }

    /** The text without user and password; one without a scheme begins with {@code zookeeper:}. */
    public String text() {
        return text;
    }

    /** Who asks. */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** The password of the user. */
    public Optional<String> password() {
        return Optional.ofNullable(password);
    }

    /** The certificates that the server's may be signed by. */
    public Optional<Path> trust() {
        return Optional.ofNullable(trust);
    }

    /** The client certificate. */
    public Optional<Path> certificate() {
        return Optional.ofNullable(certificate);
    }

    /** The key of the client certificate; there if that is. */
    public Optional<Path> key() {
        return Optional.ofNullable(key);
    }

    /**
     * The store at this address. Does not open a connection: {@link StoreEngine#open} does.
     *
     * @throws IllegalArgumentException if no store has such an address, or not with such a user or certificate
     * @throws IllegalStateException if the artifact with the engine is not on the path; the message names it
     */
    public StoreEngine connect() {
        if (text.equals("memory:")) {
            return InMemoryStore.create();
        }
        List<String> known = new ArrayList<>(ARTIFACTS.keySet());
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class, StoreProvider.class.getClassLoader())) {
            if (provider.prefixes().stream().anyMatch(text::startsWith)) {
                return provider.at(this);
            }
            known.addAll(provider.prefixes());
        }
        ARTIFACTS.keySet().stream().filter(text::startsWith).findFirst().ifPresent(prefix -> {
            throw new IllegalStateException(this + " needs the artifact dev.heddle:" + ARTIFACTS.get(prefix)
                    + ", which is not on the class path or module path: add it");
        });
        throw new IllegalArgumentException("no store has the address " + this + ": it begins with one of "
                + String.join(" ", known.stream().distinct().sorted().toList()) + ", or is HOST:PORT of a ZooKeeper");
    }

    /** The text and the user; never a password. */
    @Override
    public String toString() {
        return text + (user == null ? "" : " as " + user);
    }
}
