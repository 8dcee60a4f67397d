package dev.heddle.http.client;

import dev.heddle.CancelledException;
import dev.heddle.http.client.NetrcReader.Entry;
import dev.heddle.http.internal.client.call.NoProxy;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.internal.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names and passwords of a netrc file, by host.
 *
 * <pre>{@code
 * var http = HttpClient.builder().netrc(Netrc.read()).build();    // $NETRC, or else ~/.netrc
 * }</pre>
 *
 * <p>The file has words between white space: {@code machine} and a host, then {@code login} and {@code password}, or
 * {@code default} instead of the first two. A word in quotes may have white space, and in it {@code \"}, {@code \\},
 * {@code \n}, {@code \r} and {@code \t}; a word that begins with a number sign is a comment to the end of its line.
 * {@code account} and macros ({@code macdef}, to the next empty line) are skipped, {@code user} is {@code login}. The
 * first entry of a host counts, and before {@code default} wherever that stands; one without a login or a password
 * says that there is nothing for its host.
 *
 * <p>A password is sent as basic authentication, to the host whose name is the same, whatever its port: by https, or to
 * this machine itself. It is for the server that the caller has named: a request that was redirected to another scheme,
 * host or port has none of the file, {@code default} or not. What the request or {@link HttpClient.Builder#auth} says
 * comes first.
 *
 * <p>Immutable, for any thread. The file is read once, where {@code read} is called. To test code that uses one, {@link
 * #parse} a text.
 */
public final class Netrc {

    /** Longest file in bytes. */
    public static final int MAX_BYTES = 1024 * 1024;

    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final Map<String, Entry> machines;
    private final @Nullable Entry fallback;

    private Netrc(Map<String, Entry> machines, @Nullable Entry fallback) {
        this.machines = machines;
        this.fallback = fallback;
    }

    /**
     * Reads the file that the environment names in {@code NETRC}, or else {@code .netrc} in the home directory.
     *
     * <p>Errors are those of {@link #read(Path)}.
     */
    public static Netrc read() throws IOException {
        return read(place(System.getenv(), System.getProperty("user.home", "")));
    }

    /**
     * Reads a file. It may be a pipe without a name too, as shells make of {@code <(command)}: a task waits for that.
     *
     * <p>Cancellation: a call that waits for a pipe may have read a part of it.
     *
     * @throws NoSuchFileException if it is not there
     * @throws FileSystemException if it is longer than {@value #MAX_BYTES} bytes, a named pipe, or others than its owner
     *     may read or change it; the message says how to end that
     * @throws CancelledException if the enclosing scope is cancelled while it waits
     * @throws IllegalArgumentException if it is malformed, naming the line and nothing that stands there
     */
    public static Netrc read(Path file) throws IOException {
        checkPrivate(file);
        return parse(new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.UTF_8));
    }

    /**
     * Takes what a file would have.
     *
     * @throws IllegalArgumentException if it is malformed, naming the line and nothing that stands there
     */
    public static Netrc parse(String text) {
        var machines = new HashMap<String, Entry>();
        Entry fallback = null;
        for (Entry entry : new NetrcReader(text).entries()) {
            String machine = entry.machine();
            if (machine != null) {
                machines.putIfAbsent(name(machine.toLowerCase(Locale.ROOT)), entry);
            } else if (fallback == null) {
                fallback = entry;
            }
        }
        return new Netrc(Map.copyOf(machines), fallback);
    }

    static Path place(Map<String, String> environment, String home) {
        String named = environment.getOrDefault("NETRC", "");
        return named.isEmpty() ? Path.of(home, ".netrc") : Path.of(named);
    }

    /** Who may change the file decides where passwords go, so that is refused too. */
    private static void checkPrivate(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return; // such a file system has no permissions of this kind
        }
        for (PosixFilePermission each : view.readAttributes().permissions()) {
            if (OF_OTHERS.contains(each)) {
                throw new FileSystemException(file.toString(), null,
                        "passwords in a file that others may read or change; do: chmod 600 " + file);
            }
        }
    }

    /** How many hosts there are, the default not counted. */
    public int size() {
        return machines.size();
    }

    // ---- for the client ----

    /** What the file has for a request; null if that is nothing. */
    @Nullable Auth authFor(RequestHop hop) {
        Origin origin = hop.url().origin();
        if (!(origin.tls() || NoProxy.LOOPBACK.matches(origin)) || isElsewhere(hop)) {
            return null;
        }
        Entry entry = machines.getOrDefault(name(origin.host()), fallback);
        return entry == null ? null : entry.auth();
    }

    /** Whether a redirect has led away from where the caller wanted to. */
    private static boolean isElsewhere(RequestHop hop) {
        return !hop.trail().isEmpty()
                && !ClientUrl.parse(hop.trail().getFirst().toString()).origin().equals(hop.url().origin());
    }

    /** A name and the same with a dot at the end are one host. */
    private static String name(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** How many hosts; nothing of them. */
    @Override
    public String toString() {
        return "Netrc[" + size() + " hosts" + (fallback == null ? "" : " and a default") + "]";
    }
}
