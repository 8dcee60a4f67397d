package dev.heddle.net;

import dev.heddle.engine.ListenOptions;
import dev.heddle.internal.Checks;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The options of listening on a Unix socket.
 *
 * @param backlog most connections that the system keeps waiting to be accepted, at least 1
 * @param permissions who may connect: who may write the file (unix(7)); it never has others, not even for a moment
 */
public record UnixOptions(int backlog, Set<PosixFilePermission> permissions) {

    /** 1,024 waiting connections, for the owner only ({@code rw-------}). */
    public static final UnixOptions DEFAULT = new UnixOptions(
            ListenOptions.DEFAULT.backlog(), PosixFilePermissions.fromString("rw-------"));

    public UnixOptions {
        Checks.atLeast("backlog", backlog, 1);
        permissions = Set.copyOf(permissions);
    }

    /** These options with another bound of waiting connections. */
    public UnixOptions withBacklog(int backlog) {
        return new UnixOptions(backlog, permissions);
    }

    /**
     * These options with other permissions.
     *
     * @param permissions as {@code ls -l} writes them: {@code rw-rw----} for the group too
     * @throws IllegalArgumentException if they are written otherwise
     */
    public UnixOptions withPermissions(String permissions) {
        return new UnixOptions(backlog, PosixFilePermissions.fromString(permissions));
    }
}
