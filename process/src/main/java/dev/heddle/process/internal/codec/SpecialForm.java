package dev.heddle.process.internal.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A way to travel of a type's own, for what is more than its content: whoever has such a type provides it as a service, so that the codec need
 * not know it.
 */
public interface SpecialForm {

    /** The first byte of what it writes; no other's. */
    byte tag();

    /** Writes a value, its tag first; whether the value is one of its kind, or else nothing is written. */
    boolean write(Object value, Encoder encoder);

    /** Reads what comes behind the tag. */
    Object read(Decoder decoder);

    /** All that there are. */
    final class All {

        private static final List<SpecialForm> FORMS = load();

        private All() {}

        private static List<SpecialForm> load() {
            List<SpecialForm> forms = new ArrayList<>();
            ServiceLoader.load(SpecialForm.class, SpecialForm.class.getClassLoader()).forEach(forms::add);
            return List.copyOf(forms);
        }

        /** Writes a value that has such a form; whether it has. */
        static boolean write(Object value, Encoder encoder) {
            for (SpecialForm each : FORMS) {
                if (each.write(value, encoder)) {
                    return true;
                }
            }
            return false;
        }

        /** The form with a tag; null if there is none. */
        static @Nullable SpecialForm of(byte tag) {
            for (SpecialForm each : FORMS) {
                if (each.tag() == tag) {
                    return each;
                }
            }
            return null;
        }
    }
}
