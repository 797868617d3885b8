export { default as ms, type StringValue } from 'ms';
