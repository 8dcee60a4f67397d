package dev.heddle.observe.internal;

import dev.heddle.internal.SystemUser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which each process of a user that can be observed has a socket, named by its number: {@code
 * $XDG_RUNTIME_DIR/heddle/4711.sock}, or {@code /tmp/heddle-1000/4711.sock}, with the user's number, where there is no
 * such directory of this user's, or its path is too long for a socket.
 *
 * <p>Only its user may enter it (mode 0700). One that is somebody else's, or that others may enter, is not used: who
 * asks for a process there would be told whatever its owner likes.
 *
 * <p>Threads: any.
 *
 * @param path it is there, and the user's own
 */
public record SocketDirectory(Path path) {

    /**
     * Most bytes of the path of a socket: {@code sun_path} of unix(7) without its last zero, as far as the JDK goes.
     */
    static final int MAX_PATH_BYTES = 106;

    /** The variable of the environment that names the directory, in the place of all others. */
    private static final String OWN = "HEDDLE_OBSERVE_DIRECTORY";

    private static final String RUNTIME = "XDG_RUNTIME_DIR";

    static final Path TEMPORARY = Path.of("/tmp");

    private static final String PREFIX = "heddle-";

    /** Most who wait to be let in, or told that they are too many. */
    private static final int BACKLOG = 1_024;

    private static final String SUFFIX = ".sock";

    private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,9})\\.sock");

    /** The number of a user that is one. */
    private static final Pattern USER = Pattern.compile("0|[1-9][0-9]{0,8}");

    // ---- mode, inode(7) ----

    private static final int PERMISSIONS = 07777;
    private static final int OUR_PERMISSIONS = 0700;

    /** The longest name of a socket here. */
    private static final String MAX = "9999999999" + SUFFIX;

    /** A socket of a process. */
    public record Entry(long pid, Path socket) {}

    /**
     * The places where processes of a user have their sockets, the first choice first.
     *
     * @param temporary where all may write; the same for all, so not the system property
     */
    private static List<Path> places(int user, Map<String, String> environment, Path temporary) {
        if (isNamed(environment)) {
            return List.of(Path.of(environment.getOrDefault(OWN, "")).toAbsolutePath());
        }
        List<Path> places = new ArrayList<>();
        String runtime = environment.getOrDefault(RUNTIME, "");
        if (runtime.startsWith("/")) {
            places.add(Path.of(runtime, "heddle"));
        }
        // Not /run/user/UID unasked: it goes when the user logs out, and what runs by then stays.
        places.add(temporary.resolve(PREFIX + Integer.toUnsignedString(user)));
        return places;
    }

    /**
     * The directory for a process that begins to be observed, made if it is not there.
     *
     * @throws IOException if there is none that can be used; the message says why
     */
    static SocketDirectory claim(int user, Map<String, String> environment, Path temporary) throws IOException {
        List<Path> places = places(user, environment, temporary);
        for (Path place : places.subList(0, places.size() - 1)) {
            // Where it is not as it should be, for example behind su, there is the other one.
            if (place.getParent() != null && isDirectoryOf(place.getParent(), user) && fits(place)) {
                return make(place, user);
            }
        }
        return make(places.getLast(), user);
    }

    /** Whether the environment names the directory. */
    public static boolean isNamed(Map<String, String> environment) {
        return !environment.getOrDefault(OWN, "").isBlank();
    }

    /**
     * The socket of a process of this user; empty if it has none.
     *
     * @throws IOException if the system does not tell who this user is
     */
    public static Optional<Path> find(long pid) throws IOException {
        return of(SystemUser.number(), System.getenv()).stream().map(directory -> directory.socket(pid))
                .filter(Files::exists)
                .findFirst();
    }

    /** Those of a user that are there and may be trusted, for who looks for processes. */
    public static List<SocketDirectory> of(int user, Map<String, String> environment) {
        return of(user, environment, Path.of("/"));
    }

    /**
     * Those of a user in another tree of files, such as that of a container.
     *
     * @param environment that of a process there
     * @param root where the tree is seen from here
     */
    public static List<SocketDirectory> of(int user, Map<String, String> environment, Path root) {
        List<Path> places = new ArrayList<>(places(user, environment, TEMPORARY));
        if (!isNamed(environment)) {
            // A session of another kind may have no variable, and its programs have one.
            places.add(Path.of("/run/user", Integer.toUnsignedString(user), "heddle"));
        }
        return places.stream().map(place -> root.resolve(Path.of("/").relativize(place))).distinct()
                .filter(place -> whyNot(place, user) == null).map(SocketDirectory::new).toList();
    }

    /** The users who have such a directory, for who may look into all of them. */
    public static Set<Integer> users() {
        Set<Integer> users = new TreeSet<>();
        addNumbers(users, Path.of("/run/user"), "");
        addNumbers(users, TEMPORARY, PREFIX);
        return users;
    }

    private static void addNumbers(Set<Integer> users, Path parent, String prefix) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path each : all) {
                String number = String.valueOf(each.getFileName()).substring(prefix.length());
                if (USER.matcher(number).matches()) {
                    users.add(Integer.parseUnsignedInt(number));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Then nobody has one there.
        }
    }

    private static SocketDirectory make(Path place, int user) throws IOException {
        try {
            Files.createDirectory(
                    place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // Then it is looked at as it is.
        }
        String whyNot = whyNot(place, user);
        if (whyNot != null) {
            throw new FileSystemException(place.toString(), null, whyNot);
        }
        return new SocketDirectory(place);
    }

    /** What speaks against a directory; null if nothing does. */
    private static @Nullable String whyNot(Path place, int user) {
        try {
            if (!isDirectoryOf(place, user)) {
                return "it is no directory of user " + Integer.toUnsignedString(user);
            }
            int mode = (int) Files.getAttribute(place, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
            return mode == OUR_PERMISSIONS ? null : "its mode is " + Integer.toOctalString(mode) + " and must be 700";
        } catch (IOException e) {
            return "it cannot be looked at";
        }
    }

    private static boolean isDirectoryOf(Path place, int user) {
        try {
            Map<String, Object> facts = Files.readAttributes(
                    place, "unix:isDirectory,uid", LinkOption.NOFOLLOW_LINKS);
            return Boolean.TRUE.equals(facts.get("isDirectory")) && Integer.valueOf(user).equals(facts.get("uid"));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean fits(Path place) {
        return place.resolve(MAX).toString().getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES;
    }

    /** Where a process has its socket, if it has one. */
    public Path socket(long pid) {
        return path.resolve(pid + SUFFIX);
    }

    /**
     * Opens the socket of a process. It gets its name when it listens: so one where nobody listens is a dead one's.
     *
     * @throws IOException if another process listens there, or the socket cannot be made
     */
    ServerSocketChannel listen(long pid) throws IOException {
        Path socket = socket(pid);
        Path fresh = path.resolve("." + pid);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean listens = false;
        try {
            Files.deleteIfExists(fresh); // of a process of the same number that was killed in this very place
            server.bind(UnixDomainSocketAddress.of(fresh), BACKLOG);
            if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS) && !isDead(socket)) {
                throw new FileSystemException(
                        socket.toString(), null,
                        "a process with the same number listens there: one in another container with the same directory?");
            }
            Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            listens = true;
            return server;
        } finally {
            if (!listens) {
                server.close();
                Files.deleteIfExists(fresh);
            }
        }
    }

    /** The sockets that are there, by the numbers of their processes. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
            for (Path each : all) {
                Matcher name = NAME.matcher(String.valueOf(each.getFileName()));
                if (name.matches()) {
                    entries.add(new Entry(Long.parseLong(name.group(1)), each));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It is gone, and so are they.
        }
        entries.sort((a, b) -> Long.compare(a.pid(), b.pid()));
        return entries;
    }

    /** Removes what processes have left that were killed. */
    public void sweep() {
        for (Entry entry : entries()) {
            // A number may be another's by now: that one's own start cleans up, and nobody takes a live one's away.
            if (ProcessHandle.of(entry.pid()).isEmpty() && isDead(entry.socket())) {
                try {
                    Files.deleteIfExists(entry.socket());
                } catch (IOException e) {
                    // It is in nobody's way.
                }
            }
        }
    }

    /** Whether nobody listens at a socket. Who listens hears somebody come and go without a word. */
    private static boolean isDead(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // where many wait to be let in, this one does not
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException | NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
