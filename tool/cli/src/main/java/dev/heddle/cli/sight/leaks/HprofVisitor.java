package dev.heddle.cli.sight.leaks;

import java.io.IOException;

/** A visitor of the records of a heap dump by {@link HprofReader}, in the order of the file. */
interface HprofVisitor {

    /** A text, such as a name, which stands in the file from a place on to the end of its record. */
    void text(long id, long at) throws IOException;

    /** A class by its name. Frames call it by its serial number. */
    void loadedClass(int serial, long id, long name) throws IOException;

    /** A frame of a stack. */
    void frame(long id, int classSerial);

    /** The stack of a thread, innermost frame first. */
    void stack(int thread, long[] frames);

    /** An object that is alive by itself. */
    void root(long id);

    /** A thread; its number is that of its stack and its {@linkplain #local locals}. */
    void thread(long id, int thread);

    /** An object that a frame of a thread refers to. */
    void local(long id, int thread, int frame);

    /** A class: what its static fields refer to, and the fields of its instances. */
    void type(long id, long superclass, long[] statics, long[] fieldNames, byte[] fieldTypes) throws IOException;

    /**
     * An instance, whose fields stand in the file from a place on: those of its class, then those of the class above,
     * and so on.
     */
    void instance(long id, long type, long at) throws IOException;

    /** An array of references, which stand in the file from a place on, after their number and their class. */
    void array(long id, long at) throws IOException;

    /** That is all. */
    void end() throws IOException;
}
