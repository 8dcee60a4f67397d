package dev.heddle.process.internal;

import dev.heddle.internal.AsksSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * The private directories whose process was killed before it could remove them: empty ones, and such with a socket
 * where nobody listens.
 *
 * <p>Removed is only what can be nothing else: of our name, this user's own, with the mode that we give, older than any
 * start takes, and with nothing else in it. Nobody but this user can change what is in such a directory.
 */
@AsksSystem("files have the system's time")
public final class Leftovers {

    private static final Duration OLD = Duration.ofHours(1);
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PrivateDirectory.PREFIX) + "\\d+");
    private static final Set<String> SOCKETS = Set.of(PrivateDirectory.OF_A_CHILD, PrivateDirectory.OF_A_MANAGER);

    // ---- mode, inode(7) ----

    private static final int PERMISSIONS = 07777;
    private static final int OUR_PERMISSIONS = 0700;
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    /** Once in this JVM is enough. */
    private static final AtomicBoolean LOOKED = new AtomicBoolean();

    private Leftovers() {}

    /**
     * Removes those that are old, if this JVM has not done so before.
     *
     * @param fresh one that was just made, beside which they lie
     */
    static void removeOnce(Path fresh) throws IOException {
        if (LOOKED.compareAndSet(false, true)) {
            int user = (int) Files.getAttribute(fresh, "unix:uid");
            remove(Objects.requireNonNull(fresh.getParent()), user, Instant.now().minus(OLD));
        }
    }

    /** Removes those of a user that were last changed before a time. */
    public static void remove(Path parent, int user, Instant before) {
        String memory = PrivateDirectory.PREFIX + user;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, each -> isOurs(each, memory))) {
            all.forEach(each -> removeIfLeft(each, user, before));
        } catch (IOException | DirectoryIteratorException e) {
            // They take no room to speak of.
        }
    }

    /** By its name, which the directory of shared memory has the form of. */
    private static boolean isOurs(Path directory, String memory) {
        String name = String.valueOf(directory.getFileName());
        return NAME.matcher(name).matches() && !name.equals(memory);
    }

    private static void removeIfLeft(Path directory, int user, Instant before) {
        try {
            Map<String, Object> facts = Files.readAttributes(
                    directory, "unix:isDirectory,uid,mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            if (Boolean.TRUE.equals(facts.get("isDirectory"))
                    && Objects.equals(facts.get("uid"), user)
                    && facts.get("mode") instanceof Integer mode
                    && (mode & PERMISSIONS) == OUR_PERMISSIONS
                    && facts.get("lastModifiedTime") instanceof FileTime time
                    && time.toInstant().isBefore(before)) {
                removeIfDead(directory);
            }
        } catch (IOException | UncheckedIOException e) {
            // Somebody else was quicker, or it is none.
        }
    }

    private static void removeIfDead(Path directory) throws IOException {
        List<Path> files = PrivateDirectory.contents(directory);
        if (files.size() > 1 || (files.size() == 1 && !isDead(files.getFirst()))) {
            return;
        }
        for (Path socket : files) {
            Files.delete(socket);
        }
        Files.delete(directory);
    }

    /** Whether it is a socket of ours where nobody listens. Who listens hears somebody come and go without a word. */
    private static boolean isDead(Path socket) throws IOException {
        int mode = (int) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE) != SOCKET || !SOCKETS.contains(String.valueOf(socket.getFileName()))) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Where many wait to be let in, this one does not.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
