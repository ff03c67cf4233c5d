import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { phaseSpans } from '../telemetry/phase-spans.ts';
import type { Sample } from '../telemetry/samples.ts';
import { thin } from '../telemetry/thin.ts';
import type { Palette } from './palette.ts';

echarts.use([LineChart, GridComponent, LegendComponent, MarkAreaComponent, TitleComponent, SVGRenderer]);

/** More would not be seen, and make the page heavy. */
const MAX_POINTS = 360;
/** A phase shorter than this share of the run has no room for its name. */
const NAMED_SHARE = 0.06;
const FONT = 'DejaVu Sans, system-ui, sans-serif';

export interface ChartSize {
  width: number;
  height: number;
}

/** Processors and memory over time, with the phases behind them, as SVG. Drawn without a browser. */
export function loadChart(samples: Sample[], size: ChartSize, palette: Palette): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption(optionOf(samples, size, palette));
    return withoutStyles(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** A chart that nobody points at needs no styles for it; in a page with several they would also mix. */
function withoutStyles(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>\s*/, '')
    .replaceAll(/ class="zr[^"]*"| pointer-events="visible"/g, '');
}

function optionOf(
  samples: Sample[],
  { width, height }: ChartSize,
  palette: Palette,
): echarts.EChartsCoreOption {
  const points = thin(samples, MAX_POINTS);
  const from = points[0]?.at ?? 0;
  const minutes = (at: number) => (at - from) / 60_000;
  const last = minutes(points.at(-1)?.at ?? from);
  const gib = (bytes: number) => bytes / 2 ** 30;
  const inHours = last > 90;
  const mostMemory = gib(points[0]?.memoryBytes ?? 0);
  const bands = bandsOf(samples, minutes, last, palette);
  const plot = { left: 40, right: 14, height: Math.round(height / 2 - 72) };
  const half = Math.round(height / 2);
  const line = (name: string, color: string, of: (sample: Sample) => number, more: object) => ({
    name,
    type: 'line',
    showSymbol: false,
    silent: true,
    animation: false,
    emphasis: { disabled: true },
    lineStyle: { width: 1, color },
    areaStyle: { color, opacity: 0.85 },
    itemStyle: { color },
    data: points.map((sample) => [minutes(sample.at), of(sample)]),
    ...more,
  });
  const axis = (gridIndex: number) => ({
    gridIndex,
    type: 'value',
    min: 0,
    max: Math.max(last, 0.1),
    interval: tickMinutes(last, width),
    splitLine: { show: false },
    axisLine: { lineStyle: { color: palette.rule } },
    axisTick: { show: false },
    axisLabel: {
      color: palette.quiet,
      fontFamily: FONT,
      fontSize: 11,
      showMaxLabel: false,
      formatter: (value: number) => timeLabel(value, last, inHours),
    },
  });
  const scale = (gridIndex: number, max: number, unit: string) => ({
    gridIndex,
    type: 'value',
    min: 0,
    max,
    interval: max / 4,
    splitLine: { lineStyle: { color: palette.rule } },
    axisLabel: {
      color: palette.quiet,
      fontFamily: FONT,
      fontSize: 11,
      formatter: (value: number) => `${Number(value.toFixed(1))}${unit}`,
    },
  });
  const legendOf = (data: string[], top: number) => ({
    data,
    top: top - 1,
    right: plot.right,
    icon: 'rect',
    itemWidth: 9,
    itemHeight: 9,
    itemGap: 12,
    selectedMode: false,
    textStyle: { color: palette.quiet, fontFamily: FONT, fontSize: 11 },
  });
  const title = (text: string, top: number) => ({
    text,
    top,
    left: 0,
    textStyle: { color: palette.text, fontFamily: FONT, fontSize: 12, fontWeight: 600 },
  });
  return {
    backgroundColor: palette.background,
    textStyle: { fontFamily: FONT },
    legend: [legendOf(['user', 'system', 'waiting for disk'], 0), legendOf(['in use', 'installed'], half)],
    title: [title('Processors, %', 0), title('Memory, GiB', half)],
    grid: [
      { ...plot, top: 40 },
      { ...plot, top: half + 40 },
    ],
    xAxis: [axis(0), axis(1)],
    yAxis: [scale(0, 100, ''), scale(1, roundUp(mostMemory), '')],
    series: [
      line('user', palette.user, ({ user }) => user, { stack: 'cpu', markArea: bands }),
      line('system', palette.system, ({ system }) => system, { stack: 'cpu' }),
      line('waiting for disk', palette.iowait, ({ iowait }) => iowait, { stack: 'cpu' }),
      line('in use', palette.memory, ({ memoryBytes, availableBytes }) => gib(memoryBytes - availableBytes), {
        xAxisIndex: 1,
        yAxisIndex: 1,
        areaStyle: { color: palette.memory, opacity: 0.55 },
        markArea: bands,
      }),
      line('installed', palette.limit, ({ memoryBytes }) => gib(memoryBytes), {
        xAxisIndex: 1,
        yAxisIndex: 1,
        areaStyle: { opacity: 0 },
        lineStyle: { width: 1, color: palette.limit, type: 'dashed' },
      }),
    ],
  };
}

function bandsOf(samples: Sample[], minutes: (at: number) => number, last: number, palette: Palette): object {
  const spans = phaseSpans(samples);
  return {
    silent: true,
    animation: false,
    label: { position: 'top', color: palette.quiet, fontFamily: FONT, fontSize: 11, distance: 3 },
    data: spans.map(({ name, from, to }, index) => {
      const isNamed = minutes(to) - minutes(from) >= last * NAMED_SHARE;
      return [
        {
          xAxis: minutes(from),
          name: isNamed ? name : '',
          itemStyle: { color: index % 2 === 0 ? palette.band : 'transparent' },
        },
        { xAxis: minutes(to) },
      ];
    }),
  };
}

/** A round distance of ticks, about one for every 90 pixels. */
function tickMinutes(last: number, width: number): number {
  const wanted = last / Math.max(2, Math.floor(width / 90));
  const steps = [0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880];
  return steps.find((step) => step >= wanted) ?? Math.ceil(wanted / 1440) * 1440;
}

function timeLabel(minutes: number, last: number, inHours: boolean): string {
  if (inHours) return `${Number((minutes / 60).toFixed(1))} h`;
  if (last < 3) return `${Math.round(minutes * 60)} s`;
  return `${Number(minutes.toFixed(1))} min`;
}

/** 1.9 GiB on an axis to 2, 58 on one to 60. */
function roundUp(value: number): number {
  const steps = [
    1, 2, 4, 8, 16, 24, 32, 40, 48, 60, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512, 768, 1024, 1536,
  ];
  return steps.find((step) => step >= value) ?? Math.ceil(value / 1024) * 1024;
}
