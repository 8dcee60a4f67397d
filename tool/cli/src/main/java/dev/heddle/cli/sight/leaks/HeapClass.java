package dev.heddle.cli.sight.leaks;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A class in a heap dump, and where its instances have their fields: first its own, then those of the class above, and
 * so on.
 */
final class HeapClass {

    private static final String TEXT = "java.lang.String";

    private final String name;
    private final @Nullable HeapClass superclass;
    private final String[] names;
    private final byte[] types;
    private final int idBytes;

    /** Where an instance has references, and what becomes of each. */
    private final int[] references;

    private final byte[] edges;

    /**
     * @param name as people write it: {@code dev.heddle.Task}
     * @param superclass the class above; null for {@code Object}
     * @param names those of its own fields
     */
    HeapClass(String name, @Nullable HeapClass superclass, String[] names, byte[] types, int idBytes) {
        this.name = name;
        this.superclass = superclass;
        this.names = names;
        this.types = types;
        this.idBytes = idBytes;
        int count = 0;
        int[] found = new int[fieldsInAll()];
        byte[] kinds = new byte[found.length];
        int at = 0;
        for (HeapClass type = this; type != null; type = type.superclass) {
            for (int i = 0; i < type.names.length; i++) {
                if (type.types[i] == HprofReader.OBJECT && !name.equals(TEXT)) {
                    found[count] = at;
                    kinds[count++] = Edges.of(this, type.name, type.names[i]);
                }
                at += HprofReader.size(type.types[i], idBytes);
            }
        }
        this.references = Arrays.copyOf(found, count);
        this.edges = Arrays.copyOf(kinds, count);
    }

    private int fieldsInAll() {
        int fields = 0;
        for (HeapClass type = this; type != null; type = type.superclass) {
            fields += type.names.length;
        }
        return fields;
    }

    String name() {
        return name;
    }

    /** Whether it is a class of a name, or one below it. */
    boolean is(String other) {
        for (HeapClass type = this; type != null; type = type.superclass) {
            if (type.name.equals(other)) {
                return true;
            }
        }
        return false;
    }

    /** How many references an instance has; none for a text, whose characters refer to nothing. */
    int references() {
        return references.length;
    }

    /** Where an instance has one of them, in bytes behind the begin of its fields. */
    int reference(int index) {
        return references[index];
    }

    /** What becomes of it: one of {@link Edges}. */
    byte edge(int index) {
        return edges[index];
    }

    /**
     * Where an instance has a field, in bytes behind the begin of its fields.
     *
     * @throws IOException if there is none
     */
    int at(String declaring, String field) throws IOException {
        int at = 0;
        for (HeapClass type = this; type != null; type = type.superclass) {
            for (int i = 0; i < type.names.length; i++) {
                if (type.names[i].equals(field) && type.name.equals(declaring)) {
                    return at;
                }
                at += HprofReader.size(type.types[i], idBytes);
            }
        }
        throw new IOException("the heap has no " + declaring + "." + field + ": the program has another version of "
                + "Heddle or of the JDK than this command");
    }
}
