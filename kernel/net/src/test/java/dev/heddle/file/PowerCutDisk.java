package dev.heddle.file;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model of a disk with one directory, for the code that writes to it and for the moment in which its power is cut.
 * What POSIX promises nobody may be lost: of a file all that was not forced since, of a directory any of its changes
 * that were not, in any order (fsync(2), rename(2)). A step that comes behind may have reached the disk before.
 */
final class PowerCutDisk extends FileSystem {

    /**
     * A file as it is found.
     *
     * @param content Latin-1
     */
    record Found(String content, Set<PosixFilePermission> permissions) {}

    private static final String DIRECTORY = "/";

    /** The changes of one file, each with what it is since. */
    private static final class Inode {
        final List<Found> since = new ArrayList<>();

        Inode(Found first) {
            since.add(first);
        }

        Found now() {
            return since.getLast();
        }
    }

    /** A change of a name; none where the name is gone. */
    private record Entry(String name, @Nullable Inode inode) {}

    /** The names on the disk for certain, and the steps behind them. */
    private final Map<String, Inode> forced = new TreeMap<>();

    private final List<List<Entry>> changes = new ArrayList<>();

    /** What the disk may hold behind each step. */
    private final List<List<Map<String, Found>>> cuts = new ArrayList<>();

    private final DiskProvider provider = new DiskProvider(this);

    /** A file that has long been there. */
    void hold(String name, String content, String permissions) {
        forced.put(name, new Inode(new Found(content, PosixFilePermissions.fromString(permissions))));
    }

    Path path(String name) {
        return DiskPath.of(this, DIRECTORY + name);
    }

    /** What would be found after a cut before the first step, after it, and so on: one of these each. */
    List<List<Map<String, Found>>> cuts() {
        return cuts;
    }

    /** What is found as long as the power is there. */
    Map<String, Found> now() {
        Map<String, Found> now = new TreeMap<>();
        names().forEach((name, inode) -> now.put(name, inode.now()));
        return now;
    }

    private Map<String, Inode> names() {
        Map<String, Inode> names = new TreeMap<>(forced);
        changes.forEach(change -> apply(names, change));
        return names;
    }

    private static void apply(Map<String, Inode> names, List<Entry> change) {
        for (Entry each : change) {
            if (each.inode == null) {
                names.remove(each.name);
            } else {
                names.put(each.name, each.inode);
            }
        }
    }

    // ---- steps ----

    private void stepped() {
        List<Map<String, Found>> found = new ArrayList<>();
        for (int kept = 0; kept < 1 << changes.size(); kept++) {
            Map<String, Inode> names = new TreeMap<>(forced);
            for (int i = 0; i < changes.size(); i++) {
                if ((kept & 1 << i) != 0) {
                    apply(names, changes.get(i));
                }
            }
            found.addAll(contents(names));
        }
        cuts.add(found);
    }

    /** Each file may be what it was at any time since it was forced. */
    private static List<Map<String, Found>> contents(Map<String, Inode> names) {
        List<Map<String, Found>> all = List.of(Map.of());
        for (var each : names.entrySet()) {
            List<Map<String, Found>> more = new ArrayList<>();
            for (Map<String, Found> before : all) {
                for (Found found : each.getValue().since) {
                    Map<String, Found> next = new TreeMap<>(before);
                    next.put(each.getKey(), found);
                    more.add(next);
                }
            }
            all = more;
        }
        return all;
    }

    private void change(Entry... change) {
        changes.add(List.of(change));
        stepped();
    }

    private void write(Inode inode, String content) {
        String before = inode.now().content;
        String whole = before + content;
        // The size may come first, and a part of the bytes.
        for (String each : List.of(before + "\0".repeat(content.length()),
                before + content.substring(0, content.length() / 2), whole)) {
            inode.since.add(new Found(each, inode.now().permissions));
        }
        stepped();
    }

    private void permit(Inode inode, Set<PosixFilePermission> permissions) {
        inode.since.add(new Found(inode.now().content, permissions));
        stepped();
    }

    private void force(@Nullable Inode inode) {
        if (inode == null) {
            changes.forEach(change -> apply(forced, change));
            changes.clear();
        } else {
            inode.since.subList(0, inode.since.size() - 1).clear();
        }
        stepped();
    }

    // ---- a file system of Java ----

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(path(""));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic", "posix");
    }

    @Override
    public Path getPath(String first, String... more) {
        return DiskPath.of(this, first);
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }

    /** The few methods of a path that the code under test needs. */
    private record DiskPath(PowerCutDisk disk, String text) implements InvocationHandler {

        static Path of(PowerCutDisk disk, String text) {
            return (Path) Proxy.newProxyInstance(
                    DiskPath.class.getClassLoader(), new Class<?>[]{Path.class}, new DiskPath(disk, text));
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
                throws Throwable {
            return switch (method.getName()) {
                case "getFileSystem" -> disk;
                case "toString" -> text;
                case "toAbsolutePath" -> proxy;
                case "hashCode" -> text.hashCode();
                case "equals" -> text.equals(String.valueOf(arguments == null ? null : arguments[0]));
                case "getParent" -> text.startsWith(DIRECTORY) && text.length() > 1 ? of(disk, DIRECTORY) : null;
                case "resolve" -> {
                    String other = String.valueOf(arguments == null ? null : arguments[0]);
                    yield of(disk, other.startsWith(DIRECTORY) ? other : text + other);
                }
                default -> InvocationHandler.invokeDefault(proxy, method, arguments);
            };
        }
    }

    private static final class DiskProvider extends FileSystemProvider {

        private final PowerCutDisk disk;

        DiskProvider(PowerCutDisk disk) {
            this.disk = disk;
        }

        private static String name(Path path) {
            return path.toString().substring(DIRECTORY.length());
        }

        private Inode inode(Path path) throws NoSuchFileException {
            Inode inode = disk.names().get(name(path));
            if (inode == null) {
                throw new NoSuchFileException(path.toString());
            }
            return inode;
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public FileChannel newFileChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            if (options.contains(StandardOpenOption.CREATE_NEW)) {
                if (disk.names().containsKey(name(path))) {
                    throw new FileAlreadyExistsException(path.toString());
                }
                var first = new Found("", permissions(attributes));
                disk.change(new Entry(name(path), new Inode(first)));
            }
            return new DiskChannel(disk, path.toString().equals(DIRECTORY) ? null : inode(path));
        }

        private static Set<PosixFilePermission> permissions(FileAttribute<?>... attributes) {
            return attributes.length == 0 ? Set.of() : permissions(attributes[0].value());
        }

        private static Set<PosixFilePermission> permissions(Object value) {
            return ((Set<?>) value).stream().map(PosixFilePermission.class::cast)
                    .collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public void delete(Path path) throws IOException {
            inode(path);
            disk.change(new Entry(name(path), null));
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            Inode moved = inode(source);
            disk.change(new Entry(name(target), moved), new Entry(name(source), null));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            inode(path);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            Found found = inode(path).now();
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[]{PosixFileAttributes.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "isRegularFile" -> true;
                        case "permissions" -> found.permissions;
                        default -> false;
                    }));
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[]{PosixFileAttributeView.class},
                    (proxy, method, arguments) -> {
                        disk.permit(inode(path), permissions(arguments[0]));
                        return null;
                    }));
        }

        @Override
        public String getScheme() {
            return "cut";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void createDirectory(Path path, FileAttribute<?>... attributes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isSameFile(Path one, Path other) {
            return one.equals(other);
        }

        @Override
        public boolean isHidden(Path path) {
            return false;
        }

        @Override
        public FileStore getFileStore(Path path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
            throw new UnsupportedOperationException();
        }
    }

    /** Writes behind what is there. */
    private static final class DiskChannel extends FileChannel {

        private final PowerCutDisk disk;
        private final @Nullable Inode inode;

        DiskChannel(PowerCutDisk disk, @Nullable Inode inode) {
            this.disk = disk;
            this.inode = inode;
        }

        private Inode file() throws IOException {
            if (inode == null) {
                throw new IOException("Is a directory");
            }
            return inode;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            disk.write(file(), new String(bytes, StandardCharsets.ISO_8859_1));
            return bytes.length;
        }

        @Override
        public long size() throws IOException {
            return file().now().content.length();
        }

        @Override
        public void force(boolean metadata) {
            disk.force(inode);
        }

        @Override
        protected void implCloseChannel() {}

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
