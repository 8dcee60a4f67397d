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
 * The native library quiche, for the life of the process, loaded when it is first asked for. It comes in the artifact
 * {@code jetty-quiche-native}, as a file for each system; the loader of a system takes files only, so it is copied to the
 * directory of temporary files, and removed as soon as it is loaded where the system allows that.
 */
public final class QuicheLibrary {

    /** The only version that the structures here are known to fit. */
    static final String VERSION = "0.24.5";

    private static final Optional<String> WHY_NOT;
    private static final SymbolLookup SYMBOLS;

    static {
        SymbolLookup symbols = name -> Optional.empty();
        String whyNot = null;
        try {
            symbols = load();
            String version = version(symbols);
            if (!version.equals(VERSION)) {
                whyNot = "the library is quiche " + version + " and has to be " + VERSION
                        + ": leave the version of jetty-quiche-native to heddle-http3";
            }
        } catch (IOException | IllegalArgumentException e) {
            whyNot = "its library cannot be loaded: " + e.getMessage();
        } catch (IllegalCallerException | UnsupportedOperationException e) {
            whyNot = "native code may not be called: " + e.getMessage();
        }
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
