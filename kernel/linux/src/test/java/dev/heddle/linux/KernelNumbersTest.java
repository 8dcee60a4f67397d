package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Numbers of the kernel are those of the system at hand: errno(3) by its C library, system calls by its headers, where
 * they are installed. Source: the headers of Linux 6.1 (2022-12). An error that is not listed has its number for words.
 */
final class KernelNumbersTest {

    private static final Pattern DEFINED = Pattern.compile("#define\\s+__NR_(\\w+)\\s+(\\d+)");

    private static Map<String, Integer> constants(Class<?> type) throws IllegalAccessException {
        Map<String, Integer> constants = new TreeMap<>();
        for (Field field : type.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                constants.put(field.getName(), field.getInt(null));
            }
        }
        return constants;
    }

    @Test
    @SuppressWarnings("restricted")
    void errorsHaveTheWordsOfTheCLibrary() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle strerror = linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        for (Map.Entry<String, Integer> each : constants(Errno.class).entrySet()) {
            var words = (MemorySegment) strerror.invokeExact((int) each.getValue());
            assertEquals(words.reinterpret(100).getString(0), Errno.text(each.getValue()), each.getKey());
        }
        assertEquals("error 4095 of the system", Errno.text(4095));
    }

    @Test
    void systemCallsHaveTheNumbersOfTheHeaders() throws Exception {
        assertTrue(SyscallNumbers.areKnown());
        Map<String, Integer> ours = constants(SyscallNumbers.class);
        assertTrue(ours.size() > 30, ours.toString());
        headers().forEach((name, number) -> {
            Integer known = ours.get(name.toUpperCase(Locale.ROOT));
            if (known != null) {
                assertEquals(number, known, name);
            }
        });
    }

    /** Nothing where no headers are installed. */
    private static Map<String, Integer> headers() throws IOException {
        Map<String, Integer> numbers = new TreeMap<>();
        for (String file : new String[]{"x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h"}) {
            Path path = Path.of("/usr/include", file);
            if (System.getProperty("os.arch").equals("amd64") && Files.exists(path)) {
                DEFINED.matcher(Files.readString(path)).results()
                        .forEach(line -> numbers.put(line.group(1), Integer.parseInt(line.group(2))));
            }
        }
        return numbers;
    }
}
