package dev.heddle.quic.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;

/**
 * The native library quiche, for the life of the process, loaded when it is first asked for. The property {@link #FILE}
 * names a file of it. Otherwise it comes in the artifact {@code jetty-quiche-native}, as a file for each system; the loader
 * of a system takes files only, so it is copied to the directory of temporary files, and removed as soon as it is loaded
 * where the system allows that.
 */
public final class QuicheLibrary {

    /** The property that names a file of the library. */
    static final String FILE = "heddle.quiche";

    /** The versions that the structures here are known to fit: that of the artifact, and two that users build. */
    static final String ARTIFACT = "0.24.5";

    static final String NEWER = "0.24.9";
    static final String NEWEST = "0.29.3";

    /** Whether it is one of the newer two, whose structures have more in them. */
    static final boolean IS_NEWER;

    /** Whether it is the newest, which tells of all ids at once that are used no more. */
    static final boolean IS_NEWEST;

    private static final Optional<String> WHY_NOT;
    private static final SymbolLookup SYMBOLS;

    static {
        SymbolLookup symbols = name -> Optional.empty();
        String whyNot = null;
        boolean newer = false;
        boolean newest = false;
        try {
            symbols = load();
            String version = version(symbols);
            newest = version.equals(NEWEST);
            newer = newest || version.equals(NEWER);
            if (!newer && !version.equals(ARTIFACT)) {
                whyNot = "the library is quiche " + version + " and has to be " + ARTIFACT + ", " + NEWER + " or "
                        + NEWEST
                        + ": leave the version of jetty-quiche-native to heddle-http3, or name another file by " + FILE;
            }
        } catch (IOException | IllegalArgumentException e) {
            whyNot = "its library cannot be loaded: " + e.getMessage();
        } catch (IllegalCallerException | UnsupportedOperationException e) {
            whyNot = "native code may not be called: " + e.getMessage();
        }
        IS_NEWER = newer;
        IS_NEWEST = newest;
        SYMBOLS = symbols;
        WHY_NOT = Optional.ofNullable(whyNot);
    }

    private QuicheLibrary() {}

    /** Why it cannot be used here; empty if it can. */
    public static Optional<String> whyNot() {
        return WHY_NOT;
    }

    /**
     * Looks whether it can be used here.
     *
     * @throws UnsupportedOperationException if not, with the reason
     */
    static void require() {
        WHY_NOT.ifPresent(why -> {
            throw new UnsupportedOperationException("no QUIC here: " + why);
        });
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup load() throws IOException {
        String own = System.getProperty(FILE);
        if (own != null) {
            return SymbolLookup.libraryLookup(Path.of(own), Arena.global());
        }
        String name = resource(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path file = Files.createTempFile("heddle-quiche-", name.substring(name.lastIndexOf('.')));
        try {
            try (InputStream in = QuicheLibrary.class.getClassLoader().getResourceAsStream(name)) {
                if (in == null) {
                    throw new IOException("there is no " + name + " on the class path");
                }
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            if (!file.toFile().delete()) {
                // Windows keeps the file of a library that is loaded.
                file.toFile().deleteOnExit();
            }
        }
    }

    /** The name under which the artifact has the library for a system. */
    static String resource(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT);
        String arch = processor.equals("amd64") ? "x86-64" : processor.replace('_', '-');
        if (os.startsWith("linux")) {
            return "linux-" + arch + "/libquiche.so";
        } else if (os.startsWith("mac")) {
            return "darwin-" + arch + "/libquiche.dylib";
        }
        return "win32-" + arch + "/quiche.dll";
    }

    @SuppressWarnings("restricted")
    private static String version(SymbolLookup symbols) {
        try {
            MethodHandle version = Linker.nativeLinker().downcallHandle(
                    symbols.findOrThrow("quiche_version"), FunctionDescriptor.of(ValueLayout.ADDRESS));
            var text = (MemorySegment) version.invokeExact();
            return text.reinterpret(Integer.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new IllegalArgumentException("it does not tell its version", e);
        }
    }

    @SuppressWarnings("restricted")
    static MethodHandle link(String function, FunctionDescriptor shape, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(SYMBOLS.findOrThrow(function), shape, options);
    }

    /** Memory of the library, for as long as its owner says. */
    @SuppressWarnings("restricted")
    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
