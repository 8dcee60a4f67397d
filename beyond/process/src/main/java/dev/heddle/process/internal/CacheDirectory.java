package dev.heddle.process.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A directory for what is kept between runs and can hold any code, so that nobody else may write or replace it. */
public final class CacheDirectory {

    // ---- mode, inode(7) ----

    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 02;

    private CacheDirectory() {}

    /** {@code $XDG_CACHE_HOME/heddle}, or {@code ~/.cache/heddle}; null if there is no home. */
    public static @Nullable Path ofUser() {
        String caches = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        // Relative ones are to be ignored, says the XDG Base Directory Specification.
        if (!caches.startsWith("/")) {
            String home = System.getProperty("user.home", "");
            if (!home.startsWith("/")) {
                return null;
            }
            caches = home + "/.cache";
        }
        return Path.of(caches, "heddle");
    }

    /**
     * The directory without links above it, made if it is not there; its parents too, with the user's usual mode. Null
     * if others may write there or replace it, or if that cannot be known: the system is not Linux.
     */
    public static @Nullable Path safe(Path wanted) throws IOException {
        Path directory = withoutLinksAbove(wanted);
        return isOurs(directory) && isSafeAbove(directory) ? directory : null;
    }

    /** So that what is looked at is what is used: a link above could be another one by then. */
    private static Path withoutLinksAbove(Path directory) throws IOException {
        Path parent = Objects.requireNonNull(directory.getParent());
        Files.createDirectories(parent);
        return parent.toRealPath().resolve(Objects.requireNonNull(directory.getFileName()));
    }

    /**
     * Whether nobody whom the system keeps apart from this user could put another directory in its place, whenever he
     * likes.
     */
    private static boolean isSafeAbove(Path directory) throws IOException {
        for (Path above = directory.getParent(); above != null; above = above.getParent()) {
            int mode = (int) Files.getAttribute(above, "unix:mode");
            if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Makes the directory if it is not there, and looks who may write there. */
    private static boolean isOurs(Path directory) throws IOException {
        Path self = Path.of("/proc/self");
        if (!Files.exists(self)) {
            return false;
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(directory, PrivateDirectory.mode(PrivateDirectory.OURS));
            } catch (FileAlreadyExistsException e) {
                // Then another process has made it just now, or it is something else.
            }
        }
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getAttribute(self, "unix:uid"))
                && PosixFilePermissions.fromString(PrivateDirectory.OURS)
                        .equals(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
    }
}
