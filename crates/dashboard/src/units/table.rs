//! The units that dashboards name.
//!
//! Source: Grafana's list of units.

use super::{DateStyle, Kind, TimeStyle};
use Kind::{
    Binary, Bool, Count, Currency, CurrencyAfter, Date, Fixed, Grouped, Hex, Percent, Psi,
    Scientific, Short, Si, Text, Time,
};

/// A unit that fields can have.
#[derive(Debug, Clone, Copy)]
pub struct UnitInfo {
    /// What dashboards write.
    pub id: &'static str,
    /// What people read.
    pub name: &'static str,
    pub(super) kind: Kind,
}

/// Units that belong together.
#[derive(Debug, Clone, Copy)]
pub struct UnitGroup {
    /// What people read.
    pub name: &'static str,
    /// In the order of the picker.
    pub units: &'static [UnitInfo],
}

const fn unit(id: &'static str, name: &'static str, kind: Kind) -> UnitInfo {
    UnitInfo { id, name, kind }
}

/// The unit with an id.
pub(super) fn find(id: &str) -> Option<&'static UnitInfo> {
    UNIT_GROUPS
        .iter()
        .flat_map(|group| group.units)
        .find(|unit| unit.id == id)
}

/// All units, by group.
pub const UNIT_GROUPS: &[UnitGroup] = &[
    UnitGroup {
        name: "Misc",
        units: &[
            unit("none", "Number", Fixed("")),
            unit("string", "String", Text),
            unit("short", "short", Short),
            unit("percent", "Percent (0-100)", Percent(1.0)),
            unit("percentunit", "Percent (0.0-1.0)", Percent(100.0)),
            unit("humidity", "Humidity (%H)", Fixed("%H")),
            unit("dB", "Decibel", Fixed("dB")),
            unit("candela", "Candela (cd)", Si("cd", 0)),
            unit("hex0x", "Hexadecimal (0x)", Hex("0x")),
            unit("hex", "Hexadecimal", Hex("")),
            unit("sci", "Scientific notation", Scientific),
            unit("locale", "Locale format", Grouped),
            unit("pixel", "Pixels", Fixed("px")),
        ],
    },
    UnitGroup {
        name: "Acceleration",
        units: &[
            unit("accMS2", "Meters/sec²", Fixed("m/sec²")),
            unit("accFS2", "Feet/sec²", Fixed("f/sec²")),
            unit("accG", "G unit", Fixed("g")),
        ],
    },
    UnitGroup {
        name: "Angle",
        units: &[
            unit("degree", "Degrees (°)", Fixed("°")),
            unit("radian", "Radians", Fixed("rad")),
            unit("grad", "Gradian", Fixed("grad")),
            unit("arcmin", "Arc Minutes", Fixed("arcmin")),
            unit("arcsec", "Arc Seconds", Fixed("arcsec")),
        ],
    },
    UnitGroup {
        name: "Area",
        units: &[
            unit("areaM2", "Square Meters (m²)", Fixed("m²")),
            unit("areaF2", "Square Feet (ft²)", Fixed("ft²")),
            unit("areaMI2", "Square Miles (mi²)", Fixed("mi²")),
            unit("acres", "Acres (ac)", Fixed("ac")),
            unit("hectares", "Hectares (ha)", Fixed("ha")),
        ],
    },
    UnitGroup {
        name: "Computation",
        units: &[
            unit("flops", "FLOP/s", Si("FLOPS", 0)),
            unit("mflops", "MFLOP/s", Si("FLOPS", 2)),
            unit("gflops", "GFLOP/s", Si("FLOPS", 3)),
            unit("tflops", "TFLOP/s", Si("FLOPS", 4)),
            unit("pflops", "PFLOP/s", Si("FLOPS", 5)),
            unit("eflops", "EFLOP/s", Si("FLOPS", 6)),
            unit("zflops", "ZFLOP/s", Si("FLOPS", 7)),
            unit("yflops", "YFLOP/s", Si("FLOPS", 8)),
        ],
    },
    UnitGroup {
        name: "Concentration",
        units: &[
            unit("ppm", "parts-per-million (ppm)", Fixed("ppm")),
            unit("conppb", "parts-per-billion (ppb)", Fixed("ppb")),
            unit(
                "conngm3",
                "nanogram per cubic meter (ng/m³)",
                Fixed("ng/m³"),
            ),
            unit(
                "conngNm3",
                "nanogram per normal cubic meter (ng/Nm³)",
                Fixed("ng/Nm³"),
            ),
            unit(
                "conμgm3",
                "microgram per cubic meter (μg/m³)",
                Fixed("μg/m³"),
            ),
            unit(
                "conμgNm3",
                "microgram per normal cubic meter (μg/Nm³)",
                Fixed("μg/Nm³"),
            ),
            unit(
                "conmgm3",
                "milligram per cubic meter (mg/m³)",
                Fixed("mg/m³"),
            ),
            unit(
                "conmgNm3",
                "milligram per normal cubic meter (mg/Nm³)",
                Fixed("mg/Nm³"),
            ),
            unit("congm3", "gram per cubic meter (g/m³)", Fixed("g/m³")),
            unit(
                "congNm3",
                "gram per normal cubic meter (g/Nm³)",
                Fixed("g/Nm³"),
            ),
            unit(
                "conmgdL",
                "milligrams per decilitre (mg/dL)",
                Fixed("mg/dL"),
            ),
            unit("conmmolL", "millimoles per litre (mmol/L)", Fixed("mmol/L")),
        ],
    },
    UnitGroup {
        name: "Currency",
        units: &[
            unit("currencyUSD", "Dollars ($)", Currency("$")),
            unit("currencyGBP", "Pounds (£)", Currency("£")),
            unit("currencyEUR", "Euro (€)", Currency("€")),
            unit("currencyJPY", "Yen (¥)", Currency("¥")),
            unit("currencyRUB", "Rubles (₽)", Currency("₽")),
            unit("currencyUAH", "Hryvnias (₴)", Currency("₴")),
            unit("currencyBRL", "Real (R$)", Currency("R$")),
            unit("currencyDKK", "Danish Krone (kr)", CurrencyAfter("kr")),
            unit("currencyISK", "Icelandic Króna (kr)", CurrencyAfter("kr")),
            unit("currencyNOK", "Norwegian Krone (kr)", CurrencyAfter("kr")),
            unit("currencySEK", "Swedish Krona (kr)", CurrencyAfter("kr")),
            unit("currencyCZK", "Czech koruna (czk)", Currency("czk")),
            unit("currencyCHF", "Swiss franc (CHF)", Currency("CHF")),
            unit("currencyPLN", "Polish Złoty (PLN)", Currency("PLN")),
            unit("currencyBTC", "Bitcoin (฿)", Currency("฿")),
            unit("currencymBTC", "Milli Bitcoin (mBTC)", Currency("mBTC")),
            unit("currencyμBTC", "Micro Bitcoin (μBTC)", Currency("μBTC")),
            unit("currencyZAR", "South African Rand (R)", Currency("R")),
            unit("currencyINR", "Indian Rupee (₹)", Currency("₹")),
            unit("currencyKRW", "South Korean Won (₩)", Currency("₩")),
            unit("currencyIDR", "Indonesian Rupiah (Rp)", Currency("Rp")),
            unit("currencyPHP", "Philippine Peso (PHP)", Currency("PHP")),
            unit("currencyVND", "Vietnamese Dong (đ)", CurrencyAfter("đ")),
            unit("currencyTRY", "Turkish Lira (₺)", CurrencyAfter("₺")),
            unit("currencyMYR", "Malaysian Ringgit (RM)", Currency("RM")),
            unit("currencyXPF", "CFP franc (XPF)", Currency("XPF")),
            unit("currencyBGN", "Bulgarian Lev (BGN)", Currency("BGN")),
            unit("currencyPYG", "Guaraní (₲)", Currency("₲")),
            unit("currencyUYU", "Uruguay Peso (UYU)", Currency("UYU")),
            unit("currencyILS", "Israeli New Shekels (₪)", Currency("₪")),
            unit("currencyCNY", "Chinese Yuan (¥)", Currency("¥")),
            unit("currencyHKD", "Hong Kong Dollar (HK$)", Currency("HK$")),
            unit("currencySGD", "Singapore Dollar (S$)", Currency("S$")),
            unit("currencyTWD", "New Taiwan Dollar (NT$)", Currency("NT$")),
            unit("currencyAUD", "Australian Dollar (A$)", Currency("A$")),
            unit("currencyCAD", "Canadian Dollar (C$)", Currency("C$")),
        ],
    },
    UnitGroup {
        name: "Data",
        units: &[
            unit("bytes", "bytes (IEC)", Binary("B", 0)),
            unit("decbytes", "bytes (SI)", Si("B", 0)),
            unit("bits", "bits (IEC)", Binary("b", 0)),
            unit("decbits", "bits (SI)", Si("b", 0)),
            unit("kbytes", "kibibytes", Binary("B", 1)),
            unit("mbytes", "mebibytes", Binary("B", 2)),
            unit("gbytes", "gibibytes", Binary("B", 3)),
            unit("tbytes", "tebibytes", Binary("B", 4)),
            unit("pbytes", "pebibytes", Binary("B", 5)),
            unit("deckbytes", "kilobytes", Si("B", 1)),
            unit("decmbytes", "megabytes", Si("B", 2)),
            unit("decgbytes", "gigabytes", Si("B", 3)),
            unit("dectbytes", "terabytes", Si("B", 4)),
            unit("decpbytes", "petabytes", Si("B", 5)),
        ],
    },
    UnitGroup {
        name: "Data rate",
        units: &[
            unit("pps", "packets/sec", Si("p/s", 0)),
            unit("binBps", "bytes/sec (IEC)", Binary("B/s", 0)),
            unit("Bps", "bytes/sec (SI)", Si("B/s", 0)),
            unit("binbps", "bits/sec (IEC)", Binary("b/s", 0)),
            unit("bps", "bits/sec (SI)", Si("b/s", 0)),
            unit("KiBs", "kibibytes/sec", Binary("B/s", 1)),
            unit("Kibits", "kibibits/sec", Binary("b/s", 1)),
            unit("KBs", "kilobytes/sec", Si("B/s", 1)),
            unit("Kbits", "kilobits/sec", Si("b/s", 1)),
            unit("MiBs", "mebibytes/sec", Binary("B/s", 2)),
            unit("Mibits", "mebibits/sec", Binary("b/s", 2)),
            unit("MBs", "megabytes/sec", Si("B/s", 2)),
            unit("Mbits", "megabits/sec", Si("b/s", 2)),
            unit("GiBs", "gibibytes/sec", Binary("B/s", 3)),
            unit("Gibits", "gibibits/sec", Binary("b/s", 3)),
            unit("GBs", "gigabytes/sec", Si("B/s", 3)),
            unit("Gbits", "gigabits/sec", Si("b/s", 3)),
            unit("TiBs", "tebibytes/sec", Binary("B/s", 4)),
            unit("Tibits", "tebibits/sec", Binary("b/s", 4)),
            unit("TBs", "terabytes/sec", Si("B/s", 4)),
            unit("Tbits", "terabits/sec", Si("b/s", 4)),
            unit("PiBs", "pebibytes/sec", Binary("B/s", 5)),
            unit("Pibits", "pebibits/sec", Binary("b/s", 5)),
            unit("PBs", "petabytes/sec", Si("B/s", 5)),
            unit("Pbits", "petabits/sec", Si("b/s", 5)),
        ],
    },
    UnitGroup {
        name: "Date & time",
        units: &[
            unit("dateTimeAsIso", "Datetime ISO", Date(DateStyle::Iso)),
            unit(
                "dateTimeAsIsoNoDateIfToday",
                "Datetime ISO (No date if today)",
                Date(DateStyle::IsoToday),
            ),
            unit("dateTimeAsUS", "Datetime US", Date(DateStyle::Us)),
            unit(
                "dateTimeAsUSNoDateIfToday",
                "Datetime US (No date if today)",
                Date(DateStyle::UsToday),
            ),
            unit("dateTimeAsLocal", "Datetime local", Date(DateStyle::Iso)),
            unit(
                "dateTimeAsLocalNoDateIfToday",
                "Datetime local (No date if today)",
                Date(DateStyle::IsoToday),
            ),
            unit("dateTimeAsSystem", "Datetime default", Date(DateStyle::Iso)),
            unit("dateTimeFromNow", "From Now", Date(DateStyle::FromNow)),
        ],
    },
    UnitGroup {
        name: "Energy",
        units: &[
            unit("watt", "Watt (W)", Si("W", 0)),
            unit("kwatt", "Kilowatt (kW)", Si("W", 1)),
            unit("megwatt", "Megawatt (MW)", Si("W", 2)),
            unit("gwatt", "Gigawatt (GW)", Si("W", 3)),
            unit("mwatt", "Milliwatt (mW)", Si("W", -1)),
            unit("voltamp", "Volt-ampere (VA)", Si("VA", 0)),
            unit("kvoltamp", "Kilovolt-ampere (kVA)", Si("VA", 1)),
            unit("voltampreact", "Volt-ampere reactive (VAr)", Si("VAr", 0)),
            unit(
                "kvoltampreact",
                "Kilovolt-ampere reactive (kVAr)",
                Si("VAr", 1),
            ),
            unit("watth", "Watt-hour (Wh)", Si("Wh", 0)),
            unit(
                "watthperkg",
                "Watt-hour per Kilogram (Wh/kg)",
                Si("Wh/kg", 0),
            ),
            unit("kwatth", "Kilowatt-hour (kWh)", Si("Wh", 1)),
            unit("kwattm", "Kilowatt-min (kWm)", Si("W-Min", 1)),
            unit("mwatth", "Megawatt-hour (MWh)", Si("Wh", 2)),
            unit("amph", "Ampere-hour (Ah)", Si("Ah", 0)),
            unit("kamph", "Kiloampere-hour (kAh)", Si("Ah", 1)),
            unit("mamph", "Milliampere-hour (mAh)", Si("Ah", -1)),
            unit("joule", "Joule (J)", Si("J", 0)),
            unit("ev", "Electron volt (eV)", Si("eV", 0)),
            unit("amp", "Ampere (A)", Si("A", 0)),
            unit("kamp", "Kiloampere (kA)", Si("A", 1)),
            unit("mamp", "Milliampere (mA)", Si("A", -1)),
            unit("volt", "Volt (V)", Si("V", 0)),
            unit("kvolt", "Kilovolt (kV)", Si("V", 1)),
            unit("mvolt", "Millivolt (mV)", Si("V", -1)),
            unit("dBm", "Decibel-milliwatt (dBm)", Si("dBm", 0)),
            unit("mohm", "Milliohm (mΩ)", Si("Ω", -1)),
            unit("ohm", "Ohm (Ω)", Si("Ω", 0)),
            unit("kohm", "Kiloohm (kΩ)", Si("Ω", 1)),
            unit("Mohm", "Megaohm (MΩ)", Si("Ω", 2)),
            unit("farad", "Farad (F)", Si("F", 0)),
            unit("µfarad", "Microfarad (µF)", Si("F", -2)),
            unit("nfarad", "Nanofarad (nF)", Si("F", -3)),
            unit("pfarad", "Picofarad (pF)", Si("F", -4)),
            unit("ffarad", "Femtofarad (fF)", Si("F", -5)),
            unit("henry", "Henry (H)", Si("H", 0)),
            unit("mhenry", "Millihenry (mH)", Si("H", -1)),
            unit("µhenry", "Microhenry (µH)", Si("H", -2)),
            unit("lumens", "Lumens (Lm)", Si("Lm", 0)),
            unit("Wm2", "Watt per square meter (W/m²)", Fixed("W/m²")),
        ],
    },
    UnitGroup {
        name: "Flow",
        units: &[
            unit("flowgpm", "Gallons/min (gpm)", Fixed("gpm")),
            unit("flowcms", "Cubic meters/sec (cms)", Fixed("cms")),
            unit("flowcfs", "Cubic feet/sec (cfs)", Fixed("cfs")),
            unit("flowcfm", "Cubic feet/min (cfm)", Fixed("cfm")),
            unit("litreh", "Litre/hour", Fixed("L/h")),
            unit("flowlpm", "Litre/min (L/min)", Fixed("L/min")),
            unit("flowmlpm", "milliLitre/min (mL/min)", Fixed("mL/min")),
            unit("lux", "Lux (lx)", Fixed("lux")),
        ],
    },
    UnitGroup {
        name: "Force",
        units: &[
            unit("forceNm", "Newton-meters (Nm)", Si("Nm", 0)),
            unit("forcekNm", "Kilonewton-meters (kNm)", Si("Nm", 1)),
            unit("forceN", "Newtons (N)", Si("N", 0)),
            unit("forcekN", "Kilonewtons (kN)", Si("N", 1)),
        ],
    },
    UnitGroup {
        name: "Hash rate",
        units: &[
            unit("Hs", "hashes/sec", Si("H/s", 0)),
            unit("KHs", "kilohashes/sec", Si("H/s", 1)),
            unit("MHs", "megahashes/sec", Si("H/s", 2)),
            unit("GHs", "gigahashes/sec", Si("H/s", 3)),
            unit("THs", "terahashes/sec", Si("H/s", 4)),
            unit("PHs", "petahashes/sec", Si("H/s", 5)),
            unit("EHs", "exahashes/sec", Si("H/s", 6)),
        ],
    },
    UnitGroup {
        name: "Mass",
        units: &[
            unit("massmg", "milligram (mg)", Si("g", -1)),
            unit("massg", "gram (g)", Si("g", 0)),
            unit("masskg", "kilogram (kg)", Si("g", 1)),
            unit("masst", "metric ton (t)", Fixed("t")),
            unit("masslb", "pound (lb)", Fixed("lb")),
        ],
    },
    UnitGroup {
        name: "Length",
        units: &[
            unit("lengthmm", "millimeter (mm)", Si("m", -1)),
            unit("lengthm", "meter (m)", Si("m", 0)),
            unit("lengthkm", "kilometer (km)", Si("m", 1)),
            unit("lengthin", "inch (in)", Fixed("in")),
            unit("lengthft", "feet (ft)", Fixed("ft")),
            unit("lengthmi", "mile (mi)", Fixed("mi")),
        ],
    },
    UnitGroup {
        name: "Pressure",
        units: &[
            unit("pressurembar", "Millibars", Si("bar", -1)),
            unit("pressurebar", "Bars", Si("bar", 0)),
            unit("pressurekbar", "Kilobars", Si("bar", 1)),
            unit("pressurepa", "Pascals", Si("Pa", 0)),
            unit("pressurehpa", "Hectopascals", Fixed("hPa")),
            unit("pressurekpa", "Kilopascals", Fixed("kPa")),
            unit("pressurehg", "Inches of mercury", Fixed(r#""Hg"#)),
            unit("pressurepsi", "PSI", Psi),
        ],
    },
    UnitGroup {
        name: "Radiation",
        units: &[
            unit("radbq", "Becquerel (Bq)", Si("Bq", 0)),
            unit("radci", "curie (Ci)", Si("Ci", 0)),
            unit("radgy", "Gray (Gy)", Si("Gy", 0)),
            unit("radrad", "rad", Si("rad", 0)),
            unit("radsv", "Sievert (Sv)", Si("Sv", 0)),
            unit("radmsv", "milliSievert (mSv)", Si("Sv", -1)),
            unit("radusv", "microSievert (µSv)", Si("Sv", -2)),
            unit("radrem", "rem", Si("rem", 0)),
            unit("radexpckg", "Exposure (C/kg)", Si("C/kg", 0)),
            unit("radr", "roentgen (R)", Si("R", 0)),
            unit("radsvh", "Sievert/hour (Sv/h)", Si("Sv/h", 0)),
            unit("radmsvh", "milliSievert/hour (mSv/h)", Si("Sv/h", -1)),
            unit("radusvh", "microSievert/hour (µSv/h)", Si("Sv/h", -2)),
        ],
    },
    UnitGroup {
        name: "Rotational speed",
        units: &[
            unit("rotrpm", "Revolutions per minute (rpm)", Fixed("rpm")),
            unit("rotrads", "Radians per second (rad/s)", Fixed("rad/s")),
            unit("rotdegs", "Degrees per second (°/s)", Fixed("°/s")),
            unit("rothz", "Hertz (Hz)", Si("Hz", 0)),
        ],
    },
    UnitGroup {
        name: "Temperature",
        units: &[
            unit("celsius", "Celsius (°C)", Fixed("°C")),
            unit("fahrenheit", "Fahrenheit (°F)", Fixed("°F")),
            unit("farenheit", "Fahrenheit (°F)", Fixed("°F")),
            unit("kelvin", "Kelvin (K)", Fixed("K")),
        ],
    },
    UnitGroup {
        name: "Time",
        units: &[
            unit("hertz", "Hertz (1/s)", Si("Hz", 0)),
            unit("ns", "nanoseconds (ns)", Time(TimeStyle::Nanoseconds)),
            unit("µs", "microseconds (µs)", Time(TimeStyle::Microseconds)),
            unit("ms", "milliseconds (ms)", Time(TimeStyle::Milliseconds)),
            unit("s", "seconds (s)", Time(TimeStyle::Seconds)),
            unit("m", "minutes (m)", Time(TimeStyle::Minutes)),
            unit("h", "hours (h)", Time(TimeStyle::Hours)),
            unit("d", "days (d)", Time(TimeStyle::Days)),
            unit("dtdurationms", "duration (ms)", Time(TimeStyle::WordsMs)),
            unit("dtdurations", "duration (s)", Time(TimeStyle::WordsSeconds)),
            unit("dthms", "duration (hh:mm:ss)", Time(TimeStyle::Hms)),
            unit("dtdhms", "duration (d hh:mm:ss)", Time(TimeStyle::Dhms)),
            unit("timeticks", "Timeticks (s/100)", Time(TimeStyle::Ticks)),
            unit("clockms", "clock (ms)", Time(TimeStyle::ClockMs)),
            unit("clocks", "clock (s)", Time(TimeStyle::ClockSeconds)),
        ],
    },
    UnitGroup {
        name: "Throughput",
        units: &[
            unit("cps", "counts/sec (cps)", Count("c/s")),
            unit("ops", "ops/sec (ops)", Count("ops/s")),
            unit("reqps", "requests/sec (rps)", Count("req/s")),
            unit("rps", "reads/sec (rps)", Count("rd/s")),
            unit("wps", "writes/sec (wps)", Count("wr/s")),
            unit("iops", "I/O ops/sec (iops)", Count("io/s")),
            unit("eps", "events/sec (eps)", Count("evt/s")),
            unit("mps", "messages/sec (mps)", Count("msg/s")),
            unit("recps", "records/sec (rps)", Count("rec/s")),
            unit("rowsps", "rows/sec (rps)", Count("rows/s")),
            unit("cpm", "counts/min (cpm)", Count("c/m")),
            unit("opm", "ops/min (opm)", Count("ops/m")),
            unit("reqpm", "requests/min (rpm)", Count("req/m")),
            unit("rpm", "reads/min (rpm)", Count("rd/m")),
            unit("wpm", "writes/min (wpm)", Count("wr/m")),
            unit("mpm", "messages/min (mpm)", Count("msg/m")),
            unit("epm", "events/min (epm)", Count("evts/m")),
            unit("recpm", "records/min (rpm)", Count("rec/m")),
        ],
    },
    UnitGroup {
        name: "Velocity",
        units: &[
            unit("velocityms", "meters/second (m/s)", Fixed("m/s")),
            unit("velocitykmh", "kilometers/hour (km/h)", Fixed("km/h")),
            unit("velocitymph", "miles/hour (mph)", Fixed("mph")),
            unit("velocityknot", "knot (kn)", Fixed("kn")),
        ],
    },
    UnitGroup {
        name: "Volume",
        units: &[
            unit("mlitre", "millilitre (mL)", Si("L", -1)),
            unit("litre", "litre (L)", Si("L", 0)),
            unit("m3", "cubic meter", Fixed("m³")),
            unit("Nm3", "Normal cubic meter", Fixed("Nm³")),
            unit("dm3", "cubic decimeter", Fixed("dm³")),
            unit("gallons", "gallons", Fixed("gal")),
        ],
    },
    UnitGroup {
        name: "Boolean",
        units: &[
            unit("bool", "True / False", Bool("True", "False")),
            unit("bool_yes_no", "Yes / No", Bool("Yes", "No")),
            unit("bool_on_off", "On / Off", Bool("On", "Off")),
        ],
    },
];
