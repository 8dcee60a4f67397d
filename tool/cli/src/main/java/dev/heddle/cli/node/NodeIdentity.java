package dev.heddle.cli.node;

import dev.heddle.cli.command.FailureException;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The certificate of a node that runs, which is taken anew from its file when that has changed.
 *
 * <p>Threads: one looks, any gets.
 */
final class NodeIdentity implements Supplier<TlsIdentity> {

    /** From when on it is told that the time is nearly over, once a day. */
    static final Duration WARNED_BEFORE = Duration.ofDays(30);

    private static final Duration DAY = Duration.ofDays(1);

    private final NodeFiles files;
    private volatile TlsIdentity identity;
    private FileTime written;
    private Instant warned = Instant.MIN;

    /**
     * Reads it.
     *
     * @throws FailureException as {@link NodeFiles#identity}
     */
    NodeIdentity(NodeFiles files) {
        this.files = files;
        written = written();
        identity = files.identity();
    }

    @Override
    public TlsIdentity get() {
        return identity;
    }

    private FileTime written() {
        try {
            return Files.getLastModifiedTime(files.identityFile());
        } catch (IOException e) {
            return FileTime.fromMillis(0); // reading it tells why
        }
    }

    private Instant end() {
        return identity.certificate().getNotAfter().toInstant();
    }

    /**
     * Looks at the file and the clock. One that cannot be taken is told, and the one before is kept.
     *
     * @return what there is to tell; mostly nothing
     */
    Optional<String> look(Instant now) {
        try {
            FileTime time = written();
            if (!time.equals(written)) {
                written = time;
                identity = files.identity();
                warned = Instant.MIN;
                return Optional.of("node " + name() + " has a new certificate, valid until " + end());
            }
        } catch (FailureException e) {
            return Optional.of("node " + name() + " keeps its certificate, valid until " + end() + ": "
                    + e.getMessage());
        }
        if (end().isAfter(now.plus(WARNED_BEFORE)) || now.isBefore(warned.plus(DAY))) {
            return Optional.empty();
        }
        warned = now;
        return Optional.of("the certificate of node " + name() + (end().isAfter(now) ? " is" : " was") + " valid until "
                + end() + ": make another by heddle node renew, and copy it over " + files.identityFile());
    }

    private String name() {
        return files.self().name();
    }
}
