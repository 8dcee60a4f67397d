package dev.heddle.cli.sight.leaks;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A heap dump made by hand. */
final class HprofBytes {

    /** The types of fields, by letters: a reference, a boolean, a byte, an int, a long. */
    private static final Map<Character, Integer> TYPES = Map.of('L', 2, 'Z', 4, 'B', 8, 'I', 10, 'J', 11);

    private record Field(String name, char type) {}

    private record Type(long superclass, List<Field> fields) {}

    private final int idBytes;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final ByteArrayOutputStream heap = new ByteArrayOutputStream();
    private final Map<String, Long> texts = new HashMap<>();
    private final Map<Long, Type> types = new HashMap<>();
    private long lastId = 0x10_000;
    private int serials;

    HprofBytes(int idBytes) {
        this.idBytes = idBytes;
        write(file, out -> {
            out.writeBytes("JAVA PROFILE 1.0.2\0");
            out.writeInt(idBytes);
            out.writeLong(0);
        });
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static void write(ByteArrayOutputStream bytes, Writing writing) {
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void id(DataOutputStream out, long id) throws IOException {
        if (idBytes == 4) {
            out.writeInt((int) id);
        } else {
            out.writeLong(id);
        }
    }

    long newId() {
        return lastId += 8;
    }

    /** Adds a record. */
    private void record(int tag, Writing body) {
        var bytes = new ByteArrayOutputStream();
        write(bytes, body);
        write(file, out -> {
            out.writeByte(tag);
            out.writeInt(0);
            out.writeInt(bytes.size());
            bytes.writeTo(out);
        });
    }

    private long text(String text) {
        return texts.computeIfAbsent(text, any -> {
            long id = newId();
            record(0x01, out -> {
                id(out, id);
                out.write(text.getBytes(StandardCharsets.UTF_8));
            });
            return id;
        });
    }

    /** Adds a class. Its fields are written as {@code "L waiting"}. */
    long type(String name, long superclass, String... fields) {
        return type(name, superclass, List.of(), fields);
    }

    /** Adds a class with static fields, which are references. */
    long type(String name, long superclass, List<Long> statics, String... fields) {
        long id = newId();
        int serial = ++serials;
        long named = text(name.replace('.', '/'));
        record(0x02, out -> {
            out.writeInt(serial);
            id(out, id);
            out.writeInt(0);
            id(out, named);
        });
        List<Field> all = new ArrayList<>();
        for (String field : fields) {
            all.add(new Field(field.substring(2), field.charAt(0)));
            text(field.substring(2));
        }
        long nameOfStatic = text("STATIC");
        types.put(id, new Type(superclass, all));
        write(heap, out -> {
            out.writeByte(0x20);
            id(out, id);
            out.writeInt(0);
            id(out, superclass);
            for (int i = 0; i < 5; i++) {
                id(out, 0);
            }
            out.writeInt(0);
            out.writeShort(0);
            out.writeShort(statics.size());
            for (long each : statics) {
                id(out, nameOfStatic);
                out.writeByte(2);
                id(out, each);
            }
            out.writeShort(all.size());
            for (Field field : all) {
                id(out, text(field.name));
                out.writeByte(TYPES.get(field.type));
            }
        });
        return id;
    }

    /** Adds an object; what no value is given for is 0. */
    long object(long type, Map<String, Long> values) {
        return object(newId(), type, values);
    }

    long object(long id, long type, Map<String, Long> values) {
        var fields = new ByteArrayOutputStream();
        for (long each = type; each != 0; each = types.get(each).superclass) {
            for (Field field : types.get(each).fields) {
                long value = values.getOrDefault(field.name, 0L);
                write(fields, out -> {
                    switch (field.type) {
                        case 'L' -> id(out, value);
                        case 'Z', 'B' -> out.writeByte((int) value);
                        case 'I' -> out.writeInt((int) value);
                        default -> out.writeLong(value);
                    }
                });
            }
        }
        write(heap, out -> {
            out.writeByte(0x21);
            id(out, id);
            out.writeInt(0);
            id(out, type);
            out.writeInt(fields.size());
            fields.writeTo(out);
        });
        return id;
    }

    long array(long type, long... elements) {
        long id = newId();
        write(heap, out -> {
            out.writeByte(0x22);
            id(out, id);
            out.writeInt(0);
            out.writeInt(elements.length);
            id(out, type);
            for (long each : elements) {
                id(out, each);
            }
        });
        return id;
    }

    void bytes(int count) {
        write(heap, out -> {
            out.writeByte(0x23);
            id(out, newId());
            out.writeInt(0);
            out.writeInt(count);
            out.writeByte(8);
            out.write(new byte[count]);
        });
    }

    void root(long id) {
        write(heap, out -> {
            out.writeByte(0x01);
            id(out, id);
            id(out, 0);
        });
    }

    /** Adds a thread with the objects to which its one frame refers. */
    void thread(long id, long... locals) {
        int serial = ++serials;
        write(heap, out -> {
            out.writeByte(0x08);
            id(out, id);
            out.writeInt(serial);
            out.writeInt(serial);
            for (long local : locals) {
                out.writeByte(0x03);
                id(out, local);
                out.writeInt(serial);
                out.writeInt(0);
            }
        });
    }

    byte[] toBytes() {
        byte[] objects = heap.toByteArray();
        heap.reset();
        record(0x1C, out -> out.write(objects));
        record(0x2C, out -> {});
        return file.toByteArray();
    }
}
