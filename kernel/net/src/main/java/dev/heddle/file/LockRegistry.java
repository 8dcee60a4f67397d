package dev.heddle.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock files that this process holds. A process that closes any descriptor of a file loses all its locks on it
 * (fcntl(2)), so a file that is held here is never opened a second time, not even to look at it: files are known by
 * their identity, for which stat(2) does.
 *
 * <p>Threads: worker threads; one lock guards all, which is held while a file is opened.
 */
final class LockRegistry {

    /** The room for the number of a process. */
    private static final int MAX_PID_BYTES = 20;

    private static final ReentrantLock LOCK = new ReentrantLock();

    /** Guarded by the lock. */
    private static final Set<Object> HELD = new HashSet<>();

    /** One lock that is held. */
    record Held(Object identity, FileChannel channel) {}

    private LockRegistry() {}

    static Optional<Held> tryHold(Path file) throws IOException {
        LOCK.lock();
        try {
            while (true) {
                create(file);
                Object identity = identity(file);
                if (HELD.contains(identity)) {
                    return Optional.empty();
                }
                if (identity != null) {
                    FileChannel channel = openLocked(file, identity);
                    if (channel == null) {
                        return Optional.empty();
                    }
                    if (channel.isOpen()) {
                        HELD.add(identity);
                        return Optional.of(new Held(identity, channel));
                    }
                }
            }
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Null if somebody else holds it; closed if the file was removed or replaced meanwhile, so that the lock means
     * nothing.
     */
    private static @Nullable FileChannel openLocked(Path file, Object identity) throws IOException {
        FileChannel channel = open(file);
        boolean locked = false;
        try {
            if (tryLock(channel) == null) {
                return null;
            }
            if (identity.equals(identity(file))) {
                writePid(channel);
                locked = true;
            }
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    static OptionalLong holder(Path file) throws IOException {
        FileWork.requireRegularOrAbsent(file);
        LOCK.lock();
        try {
            Object identity = identity(file);
            if (identity == null) {
                return OptionalLong.empty();
            }
            if (HELD.contains(identity)) {
                return OptionalLong.of(ProcessHandle.current().pid());
            }
            try (FileChannel channel = open(file)) {
                return tryLock(channel) == null ? readPid(channel) : OptionalLong.empty();
            } catch (NoSuchFileException e) {
                return OptionalLong.empty();
            }
        } finally {
            LOCK.unlock();
        }
    }

    static void release(Held held) throws IOException {
        LOCK.lock();
        try {
            HELD.remove(held.identity());
            try (FileChannel channel = held.channel()) {
                channel.truncate(0);
            }
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Opens it only where there is none, since closing one that is held would drop its lock. Follows a link to nowhere.
     */
    private static void create(Path file) throws IOException {
        FileWork.requireRegularOrAbsent(file);
        if (identity(file) == null) {
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        }
    }

    /** Device and inode, or the path where the system has no such thing; null if there is no such file. */
    private static @Nullable Object identity(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file.toRealPath() : key;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Null if somebody else has it: another process, or other code of this one that should not. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            // The last byte there can be, so that where locks are mandatory others can still read who has it.
            return channel.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void writePid(FileChannel channel) throws IOException {
        channel.truncate(0);
        ByteBuffer text = ByteBuffer.wrap(
                (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        while (text.hasRemaining()) {
            channel.write(text, text.position());
        }
    }

    private static OptionalLong readPid(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(text, 0);
        String digits = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return digits.chars().allMatch(Character::isDigit) && digits.length() < MAX_PID_BYTES && !digits.isEmpty()
                ? OptionalLong.of(Long.parseLong(digits))
                : OptionalLong.empty();
    }
}
