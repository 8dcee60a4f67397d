package dev.heddle.process.internal.codec;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The special forms of this process. A class registers its own when it is initialized; one of which a value comes
 * before that is initialized then, since a child may be given what it has never used.
 *
 * <p>Threads: any.
 */
public final class SpecialForms {

    private static final List<SpecialForm> FORMS = new CopyOnWriteArrayList<>();

    private SpecialForms() {}

    public static void register(SpecialForm form) {
        FORMS.add(form);
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

    /**
     * Reads a value behind its tag.
     *
     * @param owner the name of the class that registers the form
     */
    static Object read(byte tag, String owner, Decoder decoder) {
        SpecialForm form = of(tag);
        if (form == null) {
            Decoder.load(owner, true, SpecialForms.class.getClassLoader());
            form = of(tag);
        }
        if (form == null) {
            throw new UnreadableException("an unknown form");
        }
        return form.read(decoder);
    }

    private static @Nullable SpecialForm of(byte tag) {
        for (SpecialForm each : FORMS) {
            if (each.tag() == tag) {
                return each;
            }
        }
        return null;
    }
}
