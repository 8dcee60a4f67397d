package dev.heddle.tls.openssl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.Optional;

/** The shared libraries of OpenSSL 3, loaded for the life of the process when first asked for. */
final class Libraries {

    /** The crypto library first, since the other needs it. */
    private static final List<String> NAMES = List.of("libcrypto.so.3", "libssl.so.3");

    /** Frees what its owners leave behind. */
    static final Cleaner CLEANER = Cleaner.create();

    private static final Optional<String> WHY_NOT;
    private static final SymbolLookup SYMBOLS;

    static {
        SymbolLookup symbols = name -> Optional.empty();
        String whyNot = null;
        try {
            symbols = load();
        } catch (IllegalArgumentException e) {
            whyNot = String.join(" and ", NAMES) + " cannot be loaded";
        } catch (IllegalCallerException | UnsupportedOperationException e) {
            whyNot = "native code may not be called: " + e.getMessage();
        }
        SYMBOLS = symbols;
        WHY_NOT = Optional.ofNullable(whyNot);
    }

    private Libraries() {}

    @SuppressWarnings("restricted")
    private static SymbolLookup load() {
        SymbolLookup crypto = SymbolLookup.libraryLookup(NAMES.getFirst(), Arena.global());
        return SymbolLookup.libraryLookup(NAMES.getLast(), Arena.global()).or(crypto);
    }

    /** Why they cannot be used here; empty if they can. */
    static Optional<String> whyNot() {
        return WHY_NOT;
    }

    @SuppressWarnings("restricted")
    static MethodHandle link(String function, FunctionDescriptor shape, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(SYMBOLS.findOrThrow(function), shape, options);
    }

    /** The address of a native function that calls a Java method, for the life of the process. */
    @SuppressWarnings("restricted")
    static long callback(MethodHandle target, FunctionDescriptor shape) {
        return Linker.nativeLinker().upcallStub(target, shape, Arena.global()).address();
    }

    /** Memory of the library, for as long as its owner says. */
    @SuppressWarnings("restricted")
    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** A C string of the library. */
    @SuppressWarnings("restricted")
    static String text(long address) {
        return address == 0 ? "" : MemorySegment.ofAddress(address).reinterpret(Integer.MAX_VALUE).getString(0);
    }

    /** The version as the library tells it, {@code OpenSSL 3.0.2}. */
    static String version() {
        return text(new NativeFunction("OpenSSL_version", false).call(0));
    }
}
