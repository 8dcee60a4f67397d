package dev.heddle.cli.sight.leaks;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a heap dump. They stay in the file, which is mapped; a table knows where. Objects that refer to no
 * others are not kept, nor are classes: what static fields refer to are roots.
 *
 * <p>Threads: one.
 */
final class Heap {

    private final MemorySegment file;
    private final int idBytes;
    private final PlaceTable objects = new PlaceTable();
    private final Map<Long, HeapClass> classes = new HashMap<>();
    private final Map<Integer, HeapThread> threads = new HashMap<>();
    private final LongList roots = new LongList();

    /** The instances of the classes that are asked for, by their names. */
    private final Map<String, LongList> found = new HashMap<>();

    private Heap(MemorySegment file, int idBytes, Set<String> wanted) {
        this.file = file;
        this.idBytes = idBytes;
        wanted.forEach(name -> found.put(name, new LongList()));
    }

    /**
     * Reads a dump.
     *
     * @param file stays open as long as this is used
     * @param wanted names of classes whose instances {@link #found} gives
     * @throws IOException if it is none, is cut off or damaged, or has too many objects
     */
    static Heap of(MemorySegment file, Set<String> wanted) throws IOException {
        var reader = new HprofReader(file);
        var heap = new Heap(file, reader.idBytes(), wanted);
        reader.read(heap.new Index());
        return heap;
    }

    /** How many objects it has that refer to others. */
    int size() {
        return objects.size();
    }

    /** The objects by their places in the table, with a mark for each. */
    PlaceTable objects() {
        return objects;
    }

    /** What is alive by itself: static fields, what native code has. */
    LongList roots() {
        return roots;
    }

    Collection<HeapThread> threads() {
        return threads.values();
    }

    /** The instances of one of the wanted classes. */
    LongList found(String name) {
        return found.getOrDefault(name, new LongList());
    }

    /**
     * The class of an object.
     *
     * @return null for an array, or if there is no such object that refers to others
     */
    @Nullable HeapClass type(long id) throws IOException {
        int slot = objects.slot(id);
        return slot < 0 || objects.place(slot) < 0 ? null : typeAt(objects.place(slot));
    }

    private HeapClass typeAt(long place) throws IOException {
        HeapClass type = classes.get(number(place, idBytes));
        if (type == null) {
            throw new IOException("the heap dump has an object whose class is missing");
        }
        return type;
    }

    /** What a field of an object refers to; 0 for nothing. */
    long reference(long id, String declaring, String field) throws IOException {
        return value(id, declaring, field, idBytes);
    }

    /** A field of an object that is a number or a truth, of so many bytes. */
    long value(long id, String declaring, String field, int bytes) throws IOException {
        HeapClass type = type(id);
        if (type == null) {
            throw new IOException("the heap dump has no object where a " + declaring + " should be");
        }
        long fields = objects.place(objects.slot(id)) + idBytes + 4;
        return number(fields + type.at(declaring, field), bytes);
    }

    /** Gives all to which an object refers. */
    void references(int slot, Reference each) throws IOException {
        long place = objects.place(slot);
        if (place < 0) {
            long count = number(-place, 4);
            long first = -place + 4 + idBytes;
            for (long i = 0; i < count; i++) {
                each.found(number(first + i * idBytes, idBytes), Edges.FOLLOWED);
            }
            return;
        }
        HeapClass type = typeAt(place);
        long fields = place + idBytes + 4;
        for (int i = 0; i < type.references(); i++) {
            each.found(number(fields + type.reference(i), idBytes), type.edge(i));
        }
    }

    /** Who is told what an object refers to. */
    @FunctionalInterface
    interface Reference {

        /**
         * There is a reference.
         *
         * @param id the object; 0 for none
         * @param edge what becomes of it: one of {@link Edges}
         */
        void found(long id, byte edge);
    }

    private long number(long at, int bytes) throws IOException {
        try {
            return HprofReader.number(file, at, bytes);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("the heap dump is damaged: an object is beyond its end", e);
        }
    }

    /** Fills the tables. */
    private final class Index implements HprofVisitor {

        /** Most frames that are known by their numbers, which HotSpot counts from 1. */
        private static final int MAX_FRAMES = 1 << 28;

        /** A class as it is told, maybe before the class above. */
        private static final class Type {
            final long superclass;
            final String[] names;
            final byte[] kinds;

            Type(long superclass, String[] names, byte[] kinds) {
                this.superclass = superclass;
                this.names = names;
                this.kinds = kinds;
            }
        }

        private final PlaceTable texts = new PlaceTable();
        private final Map<Long, Long> names = new HashMap<>();
        private final Map<Long, Type> types = new HashMap<>();
        private final BitSet kernelClasses = new BitSet();
        private final BitSet kernelFrames = new BitSet();
        private final Map<Integer, BitSet> kernelFramesOfThreads = new HashMap<>();

        @Override
        public void text(long id, long at) throws IOException {
            if (id != 0) {
                texts.put(id, at);
            }
        }

        /** A text; empty if it is not there. */
        private String text(long id) throws IOException {
            int slot = texts.slot(id);
            if (slot < 0) {
                return "";
            }
            long at = texts.place(slot);
            long bytes = number(at - idBytes - 4, 4) - idBytes;
            return new String(file.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }

        private String className(long id) throws IOException {
            return text(names.getOrDefault(id, 0L)).replace('/', '.');
        }

        @Override
        public void loadedClass(int serial, long id, long name) throws IOException {
            names.put(id, name);
            if (serial >= 0 && serial < MAX_FRAMES && Edges.isOfKernel(className(id))) {
                kernelClasses.set(serial);
            }
        }

        @Override
        public void frame(long id, int classSerial) {
            if (id >= 0 && id < MAX_FRAMES && classSerial >= 0 && kernelClasses.get(classSerial)) {
                kernelFrames.set((int) id);
            }
        }

        @Override
        public void stack(int thread, long[] frames) {
            var ofKernel = new BitSet();
            for (int i = 0; i < frames.length; i++) {
                ofKernel.set(i, frames[i] >= 0 && frames[i] < MAX_FRAMES && kernelFrames.get((int) frames[i]));
            }
            if (!ofKernel.isEmpty()) {
                kernelFramesOfThreads.put(thread, ofKernel);
            }
        }

        @Override
        public void root(long id) {
            roots.add(id);
        }

        @Override
        public void thread(long id, int thread) {
            threads.put(thread, new HeapThread(id));
        }

        @Override
        public void local(long id, int thread, int frame) {
            HeapThread owner = threads.get(thread);
            BitSet ofKernel = kernelFramesOfThreads.get(thread);
            if (owner == null) {
                roots.add(id);
            } else if (ofKernel != null && frame >= 0 && ofKernel.get(frame)) {
                owner.kernels().add(id);
            } else {
                owner.locals().add(id);
            }
        }

        @Override
        public void type(long id, long superclass, long[] statics, long[] fieldNames, byte[] fieldTypes)
                throws IOException {
            for (long object : statics) {
                roots.add(object);
            }
            String[] fields = new String[fieldNames.length];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = text(fieldNames[i]);
            }
            types.put(id, new Type(superclass, fields, fieldTypes));
        }

        /** A class with those above; null if one of these was not told yet. */
        private @Nullable HeapClass known(long id) throws IOException {
            HeapClass known = classes.get(id);
            Type type = known == null ? types.remove(id) : null; // one above itself is not told for ever
            if (type == null) {
                return known;
            }
            HeapClass superclass = type.superclass == 0 ? null : known(type.superclass);
            if (type.superclass != 0 && superclass == null) {
                types.put(id, type);
                return null;
            }
            known = new HeapClass(className(id), superclass, type.names, type.kinds, idBytes);
            classes.put(id, known);
            return known;
        }

        @Override
        public void instance(long id, long type, long at) throws IOException {
            HeapClass known = known(type);
            if (id != 0 && (known == null || known.references() > 0)) {
                objects.put(id, at);
            }
            LongList instances = known == null ? null : found.get(known.name());
            if (instances != null) {
                instances.add(id);
            }
        }

        @Override
        public void array(long id, long at) throws IOException {
            if (id != 0) {
                objects.put(id, -at);
            }
        }

        @Override
        public void end() throws IOException {
            for (long id : List.copyOf(types.keySet())) {
                known(id);
            }
        }
    }
}
