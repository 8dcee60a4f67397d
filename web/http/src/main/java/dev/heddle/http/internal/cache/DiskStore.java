package dev.heddle.http.internal.cache;

import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.Hash;
import dev.heddle.internal.SecretNumbers;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The replies that a cache keeps in the files of a directory, up to a bound of bytes; beyond it those go that were not
 * used longest. One file is one reply: written under another name and then renamed, with a checksum, and not forced to
 * the disk, since what a crash tears is only a reply that is not there. The names are hashes of the URL and, with a
 * secret of the directory, of the fields by which replies differ.
 *
 * <p>A directory is of one store at a time, which has locked it until its process ends: others could not know what was
 * forgotten, nor keep the bound.
 *
 * <p>What is in the index is there; files that have left it are deleted by the next {@link #sweep}.
 *
 * <p>Threads: any. Methods that say so block, and are for workers; the others take a lock for a few steps.
 */
@AsksSystem("files have the system's time")
public final class DiskStore {

    /** The most files; beyond it those go that were not used longest. */
    static final int MAX_FILES = 100_000;

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}-[0-9a-f]{32}\\.reply");
    private static final Pattern HIDDEN = Pattern.compile("[0-9a-f]{64}-[0-9a-f]{32}\\.[0-9]+\\.tmp");
    private static final int URL_CHARS = 64;
    private static final int VARIANT_BYTES = 16;
    private static final int SECRET_BYTES = 32;

    private final Path directory;
    private final long maxBytes;

    /** Held while the directory is opened or closed, by workers only. */
    private final ReentrantLock opening = new ReentrantLock();

    private volatile boolean opened;
    private byte[] secret = new byte[0];

    /** Held while a name gets its file or loses it, by workers only: a name that is used again keeps its new file. */
    private final ReentrantLock naming = new ReentrantLock();

    /** Guards all below, for a few steps. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The one that was not used longest first. */
    private final LinkedHashMap<String, Entry> byUse = new LinkedHashMap<>();

    private final Map<String, List<Entry>> byUrl = new HashMap<>();
    private final ArrayDeque<String> garbage = new ArrayDeque<>();
    private long bytes;
    private long evictions;
    private long hidden;

    /** Locked, from when all that is there is known. */
    private @Nullable FileChannel lockFile;

    /** For long bodies on their way. */
    private long reserved;

    private final ArrayDeque<Hidden> givenUp = new ArrayDeque<>();

    /** A file; the names of the fields in it are known when it was written or read once. */
    private static final class Entry {

        private final String name;
        private final long bytes;
        private @Nullable List<String> fields;

        /** Whether its sum was found right, or written by this store. Guarded by the lock. */
        private boolean checked;

        Entry(String name, long bytes, @Nullable List<String> fields) {
            this.name = name;
            this.bytes = bytes;
            this.fields = fields;
        }

        String url() {
            return name.substring(0, URL_CHARS);
        }
    }

    /**
     * @param directory made when it is opened, if it is not there
     * @param maxBytes of all files
     */
    public DiskStore(Path directory, long maxBytes) {
        this.directory = directory.toAbsolutePath();
        this.maxBytes = maxBytes;
    }

    /** Whether somebody has opened it to the end, with whatever success. */
    public boolean isOpened() {
        return opened;
    }

    /**
     * Takes the directory and looks at what is there; does nothing the second time. Who comes meanwhile waits. Blocks.
     *
     * @throws IOException if it cannot be used, and so never will be
     */
    public void open() throws IOException {
        opening.lock();
        try {
            if (!opened) {
                takeAndLookAround();
            }
        } finally {
            opened = true; // once, whatever comes of it
            opening.unlock();
        }
    }

    private void takeAndLookAround() throws IOException {
        makeDirectory();
        FileChannel taken = take();
        boolean known = false;
        try {
            lookAround(readSecret());
            known = true;
        } finally {
            if (!known) {
                taken.close();
            }
        }
        lock.lock();
        try {
            lockFile = taken;
            evict();
        } finally {
            lock.unlock();
        }
        sweep();
    }

    /** Whether it has the directory, and knows what is there. */
    public boolean isUsable() {
        lock.lock();
        try {
            return lockFile != null;
        } finally {
            lock.unlock();
        }
    }

    private void makeDirectory() throws IOException {
        Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
        if (isPosix(directory)) {
            Set<PosixFilePermission> others = Files.getPosixFilePermissions(directory);
            others.removeAll(PosixFilePermissions.fromString("rwxr-xr-x"));
            if (!others.isEmpty()) {
                throw new IOException("others may write to " + directory);
            }
        }
    }

    private FileChannel take() throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly(directory, "rw-------"));
        FileLock taken = null;
        try {
            taken = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new IOException("another cache of this program has " + directory, e);
        } finally {
            if (taken == null) {
                channel.close();
            }
        }
        if (taken == null) {
            throw new IOException("another process has " + directory);
        }
        return channel;
    }

    /** Reads the secret, or makes one; gives whether it was there. */
    private boolean readSecret() throws IOException {
        Path file = directory.resolve("secret");
        try {
            secret = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            secret = new byte[0];
        }
        if (secret.length == SECRET_BYTES) {
            return true;
        }
        secret = SecretNumbers.bytes(SECRET_BYTES);
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(directory, "rw-------"))) {
            channel.write(ByteBuffer.wrap(secret));
        }
        return false;
    }

    /** A file as it was found. */
    private record Found(String name, long bytes, FileTime used) {}

    private void lookAround(boolean known) throws IOException {
        List<Found> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (HIDDEN.matcher(name).matches() || (!known && NAME.matcher(name).matches())) {
                    Files.deleteIfExists(file);
                } else if (NAME.matcher(name).matches()) {
                    BasicFileAttributes is = Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    if (is.isRegularFile()) {
                        all.add(new Found(name, is.size(), is.lastModifiedTime()));
                    }
                }
            }
        }
        all.sort(Comparator.comparing(Found::used));
        lock.lock();
        try {
            all.forEach(each -> add(new Entry(each.name(), each.bytes(), null)));
        } finally {
            lock.unlock();
        }
    }

    // ---- what is asked for ----

    /** Whether there is a reply of a URL, right for whatever request. */
    public boolean knows(String url) {
        String hash = hash(url);
        lock.lock();
        try {
            return byUrl.containsKey(hash);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The newest reply that is right for a request; empty if there is none. Blocks.
     *
     * @param memory has the room for what is read meanwhile
     */
    public Optional<StoredReply> find(String url, RequestFields request, MemoryStore memory) {
        StoredReply newest = null;
        for (Entry entry : candidates(url, request)) {
            StoredReply reply = entry.bytes > memory.maxReplyBytes()
                    ? readLong(entry, url, request)
                    : readShort(entry, url, request, memory);
            if (reply != null && (newest == null || reply.requested().isAfter(newest.requested()))) {
                if (newest != null) {
                    newest.body().close();
                }
                newest = reply;
            } else if (reply != null) {
                reply.body().close();
            }
        }
        return Optional.ofNullable(newest);
    }

    private @Nullable StoredReply readShort(Entry entry, String url, RequestFields request, MemoryStore memory) {
        if (!memory.reserve(entry.bytes, url)) {
            return null;
        }
        try {
            Path file = directory.resolve(entry.name);
            return read(entry, url, request, () -> ReplyFile.read(Files.readAllBytes(file)));
        } finally {
            memory.release(entry.bytes);
        }
    }

    /** One whose body stays in its file. */
    private @Nullable StoredReply readLong(Entry entry, String url, RequestFields request) {
        boolean checked;
        lock.lock();
        try {
            checked = entry.checked;
        } finally {
            lock.unlock();
        }
        return read(entry, url, request, () -> {
            FileChannel file = FileChannel.open(directory.resolve(entry.name), StandardOpenOption.READ);
            ReplyFile.Content content = null;
            try {
                content = ReplyFile.readLong(file, checked);
                return content;
            } finally {
                if (content == null) {
                    file.close();
                }
            }
        });
    }

    /** Reads a file; gives null if it is torn. */
    private interface Reading {
        ReplyFile.@Nullable Content read() throws IOException;
    }

    /** Those that are right, and those of which that is not known. */
    private List<Entry> candidates(String url, RequestFields request) {
        List<Entry> all;
        String hash = hash(url);
        lock.lock();
        try {
            all = List.copyOf(byUrl.getOrDefault(hash, List.of()));
        } finally {
            lock.unlock();
        }
        return all.stream().filter(entry -> isRight(entry, request)).toList();
    }

    private boolean isRight(Entry entry, RequestFields request) {
        List<String> fields;
        lock.lock();
        try {
            fields = entry.fields;
        } finally {
            lock.unlock();
        }
        return fields == null || entry.name.equals(name(entry.url(), Variant.of(fields, request)));
    }

    private @Nullable StoredReply read(Entry entry, String url, RequestFields request, Reading reading) {
        ReplyFile.Content content = null;
        boolean given = false;
        try {
            content = reading.read();
            if (content == null) {
                forget(entry);
                sweep();
                return null;
            }
            lock.lock();
            try {
                entry.fields = content.names();
                entry.checked = true;
                if (byUse.get(entry.name) != entry) {
                    return null; // forgotten meanwhile
                }
                byUse.putLast(entry.name, entry);
            } finally {
                lock.unlock();
            }
            if (!isRight(entry, request)) {
                return null;
            }
            // The system's time, which a file has from when it was written.
            Files.setLastModifiedTime(directory.resolve(entry.name), FileTime.from(Instant.now()));
            given = true;
            return content.reply(url, request);
        } catch (NoSuchFileException e) {
            forget(entry);
            return null;
        } catch (IOException e) {
            return null; // an interrupt too; the file may be read another time
        } finally {
            if (content != null && !given) {
                content.body().close();
            }
        }
    }

    // ---- what is kept ----

    /**
     * Whether a reply may be in a file: not one that gives its reader a cookie, nor one to who has shown credentials,
     * unless it says that it may (RFC 9111, section 3.5).
     */
    public static boolean mayKeep(StoredReply reply) {
        CacheDirectives said = reply.directives();
        boolean isAllowed = said.has("public") || said.has("s-maxage") || said.has("must-revalidate");
        return reply.isWhole() && !reply.headers().contains("Set-Cookie")
                && (isAllowed || !reply.variant().has("authorization"));
    }

    /**
     * Writes a reply, in place of the one with the same fields; not if its URL has changed since it was asked for.
     * Blocks.
     *
     * @throws IOException if there is no room on the disk, or it fails; then nothing is left
     */
    public void put(StoredReply reply, MemoryStore.Place place, MemoryStore memory) throws IOException {
        String name = name(hash(reply.url()), reply.variant());
        Path beside = directory.resolve(name.replace(".reply", "." + nextHidden() + ".tmp"));
        boolean renamed = false;
        try {
            try (OutputStream out = new BufferedOutputStream(open(beside))) {
                ReplyFile.write(reply, out);
            }
            long size = Files.size(beside);
            if (size <= maxBytes && !memory.isPast(place)) {
                rename(beside, new Entry(name, size, reply.variant().names()), place, memory);
                renamed = true;
            }
        } finally {
            if (!renamed) {
                Files.deleteIfExists(beside);
            }
            sweep();
        }
    }

    // ---- long ones, as they come ----

    /** A file under another name, until it is whole. Written by one task's workers. */
    static final class Hidden {

        private final Path path;
        private final long room;
        private @Nullable DataOutputStream out;
        private @Nullable CheckedOutputStream checked;

        Hidden(Path path, long room) {
            this.path = path;
            this.room = room;
        }

        void write(StoredReply head, long length, byte[] bytes) throws IOException {
            DataOutputStream to = out;
            if (to == null) {
                var sum = new CheckedOutputStream(open(path), new CRC32C());
                to = new DataOutputStream(sum);
                checked = sum;
                out = to;
                ReplyFile.writeHead(head, length, to);
            }
            to.write(bytes);
        }

        /** Writes the sum. */
        long end() throws IOException {
            DataOutputStream to = Objects.requireNonNull(out);
            to.writeLong(Objects.requireNonNull(checked).getChecksum().getValue());
            to.close();
            return Files.size(path);
        }

        /** Closes and deletes it. */
        void remove() throws IOException {
            try {
                if (out != null) {
                    out.close();
                }
            } finally {
                Files.deleteIfExists(path);
            }
        }
    }

    /**
     * Begins to take a long body.
     *
     * @return empty if there is no room
     */
    public Optional<FileCollector> collect(
            StoredReply head, long length, MemoryStore.Place place, MemoryStore memory) {
        String name = name(hash(head.url()), head.variant());
        lock.lock();
        try {
            if (length > maxBytes - reserved) {
                return Optional.empty();
            }
            reserved += length;
            evict();
        } finally {
            lock.unlock();
        }
        var file = new Hidden(directory.resolve(name.replace(".reply", "." + nextHidden() + ".tmp")), length);
        return Optional.of(new FileCollector(this, file, place, memory, head, length));
    }

    /** Puts a file in its place; not if its URL has changed. Blocks. */
    void finish(Hidden file, StoredReply head, MemoryStore.Place place, MemoryStore memory) throws IOException {
        boolean renamed = false;
        release(file);
        try {
            long size = file.end();
            if (size <= maxBytes && !memory.isPast(place)) {
                var entry = new Entry(name(hash(head.url()), head.variant()), size, head.variant().names());
                entry.checked = true;
                rename(file.path, entry, place, memory);
                renamed = true;
            }
        } finally {
            if (!renamed) {
                file.remove();
            }
            sweep();
        }
    }

    /** Gives a file up; it goes with the next {@link #sweep}. */
    void discard(Hidden file) {
        release(file);
        lock.lock();
        try {
            givenUp.add(file);
        } finally {
            lock.unlock();
        }
    }

    private void release(Hidden file) {
        lock.lock();
        try {
            reserved -= file.room;
        } finally {
            lock.unlock();
        }
    }

    private static OutputStream open(Path file) throws IOException {
        return Channels.newOutputStream(FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(file, "rw-------")));
    }

    private long nextHidden() {
        lock.lock();
        try {
            return hidden++;
        } finally {
            lock.unlock();
        }
    }

    private void rename(Path beside, Entry entry, MemoryStore.Place place, MemoryStore memory) throws IOException {
        naming.lock();
        try {
            Files.move(beside, directory.resolve(entry.name), StandardCopyOption.ATOMIC_MOVE);
            written(entry, place, memory);
        } finally {
            naming.unlock();
        }
    }

    private void written(Entry entry, MemoryStore.Place place, MemoryStore memory) {
        lock.lock();
        try {
            drop(entry.name);
            garbage.remove(entry.name);
            if (memory.isPast(place)) {
                garbage.add(entry.name); // changed in the last moment
            } else {
                add(entry);
                evict();
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(Entry entry) {
        List<Entry> ofUrl = byUrl.computeIfAbsent(entry.url(), _ -> new ArrayList<>(1));
        ofUrl.add(entry);
        byUse.putLast(entry.name, entry);
        bytes += entry.bytes;
        if (ofUrl.size() > MemoryStore.MAX_VARIANTS) {
            throwAway(ofUrl.getFirst().name);
            evictions++;
        }
    }

    private void evict() {
        while (!byUse.isEmpty() && (bytes + reserved > maxBytes || byUse.size() > MAX_FILES)) {
            throwAway(byUse.firstEntry().getKey());
            evictions++;
        }
    }

    private void throwAway(String name) {
        if (drop(name)) {
            garbage.add(name);
        }
    }

    private boolean drop(String name) {
        Entry entry = byUse.remove(name);
        if (entry == null) {
            return false;
        }
        bytes -= entry.bytes;
        List<Entry> ofUrl = byUrl.get(entry.url());
        if (ofUrl != null) {
            ofUrl.remove(entry);
            if (ofUrl.isEmpty()) {
                byUrl.remove(entry.url());
            }
        }
        return true;
    }

    private void forget(Entry entry) {
        lock.lock();
        try {
            if (byUse.get(entry.name) == entry) {
                throwAway(entry.name);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all replies of a URL; their files go with the next {@link #sweep}. */
    public void forget(String url) {
        String hash = hash(url);
        lock.lock();
        try {
            List.copyOf(byUrl.getOrDefault(hash, List.of())).forEach(entry -> throwAway(entry.name));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets one reply, as {@link #forget(String)}. */
    public void forget(StoredReply reply) {
        String name = name(hash(reply.url()), reply.variant());
        lock.lock();
        try {
            throwAway(name);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all, as {@link #forget(String)}. */
    public void forgetAll() {
        lock.lock();
        try {
            List.copyOf(byUse.keySet()).forEach(this::throwAway);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there are files to delete. */
    public boolean hasGarbage() {
        lock.lock();
        try {
            return !garbage.isEmpty() || !givenUp.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Deletes the files that were forgotten. Blocks. */
    public void sweep() throws IOException {
        for (Hidden file = nextGivenUp(); file != null; file = nextGivenUp()) {
            file.remove();
        }
        while (deleteGarbage()) {
            // The next one: the names are free for others in between.
        }
    }

    /** Deletes one file; gives whether there was one to delete. */
    private boolean deleteGarbage() throws IOException {
        naming.lock();
        try {
            String name = nextGarbage();
            if (name == null) {
                return false;
            }
            boolean deleted = false;
            try {
                Files.deleteIfExists(directory.resolve(name));
                deleted = true;
            } finally {
                if (!deleted) {
                    deleteLater(name);
                }
            }
            return true;
        } finally {
            naming.unlock();
        }
    }

    private void deleteLater(String name) {
        lock.lock();
        try {
            if (!byUse.containsKey(name)) {
                garbage.add(name);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Hidden nextGivenUp() {
        lock.lock();
        try {
            return givenUp.poll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String nextGarbage() {
        lock.lock();
        try {
            return garbage.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the directory back; what is kept there stays for the next. Blocks. */
    public void close() throws IOException {
        opening.lock();
        try {
            opened = true;
            sweep();
            FileChannel mine;
            lock.lock();
            try {
                mine = lockFile;
                lockFile = null;
                byUse.clear();
                byUrl.clear();
                bytes = 0;
            } finally {
                lock.unlock();
            }
            if (mine != null) {
                mine.close();
            }
        } finally {
            opening.unlock();
        }
    }

    /** How many replies there are, how many bytes their files have, and how many had to go. */
    public MemoryStore.Sizes sizes() {
        lock.lock();
        try {
            return new MemoryStore.Sizes(byUse.size(), bytes, evictions, 0);
        } finally {
            lock.unlock();
        }
    }

    // ---- names ----

    private static String hash(String url) {
        return HexFormat.of().formatHex(Hash.sha256(url));
    }

    /** What the fields were may be a secret that could be guessed: so who guesses needs the directory's. */
    private String name(String urlHash, Variant variant) {
        byte[] fields = variant.toBytes();
        byte[] salted = Arrays.copyOf(secret, secret.length + fields.length);
        System.arraycopy(fields, 0, salted, secret.length, fields.length);
        return urlHash + "-" + HexFormat.of().formatHex(Hash.sha256(salted), 0, VARIANT_BYTES) + ".reply";
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return "DiskStore[" + directory + "]";
    }
}
